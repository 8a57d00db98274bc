"""What leaves with an export: programs that run without Inspector."""
