"""Releases: which tuple of recipe, bundle and calibration may run in production, by whom, why."""
