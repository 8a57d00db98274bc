"""What the panel shows, as plain objects without Qt. GUI thread only."""
