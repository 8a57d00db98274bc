"""Everything that a station knows in one file, taken while it runs, and back again."""
