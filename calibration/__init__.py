"""Arithmetic on arrays: from scores to thresholds, bounds and figures of merit."""
