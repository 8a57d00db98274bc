"""Limit samples: known good and known bad masters, what they must show, how long that holds."""
