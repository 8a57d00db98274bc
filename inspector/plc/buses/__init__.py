"""One module for each protocol; each is imported when a line asks for it, and not before."""
