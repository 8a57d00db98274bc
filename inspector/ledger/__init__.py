"""Append-only records of everything the station did, evidence beside them, one chain over all."""
