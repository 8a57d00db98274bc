"""Set-up, tests, benchmarks and reproductions."""
