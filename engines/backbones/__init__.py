"""Pretrained feature extractors with offline weights, by name."""
