"""Lens, scale and part plane of a camera, from pictures of a printed target."""
