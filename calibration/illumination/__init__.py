"""Light and sensor: flat field, focus and noise, from pictures of an even card."""
