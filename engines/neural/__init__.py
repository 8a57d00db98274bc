"""Engines that are trained: torch modules."""
