"""What the offline kit is made of."""
