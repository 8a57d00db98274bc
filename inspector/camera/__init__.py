"""Cameras behind the port ``inspector.core.ports.Camera``."""
