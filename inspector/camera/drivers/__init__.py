"""One module for each SDK; each is imported when a line asks for it, and not before."""
