"""The line itself: capture, inspection, deadlines, life cycle. Devices come in through the ports."""
