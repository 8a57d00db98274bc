"""Benchmarks: side by side in one script, ratios and percentiles, never gates."""
