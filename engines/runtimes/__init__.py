"""Runtimes that execute a bundle on the line PC; no torch here."""
