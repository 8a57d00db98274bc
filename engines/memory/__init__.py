"""Engines that remember features of good images."""
