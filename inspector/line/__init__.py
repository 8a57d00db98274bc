"""The line itself: capture, inspection, deadlines, life cycle; devices come in as ports."""
