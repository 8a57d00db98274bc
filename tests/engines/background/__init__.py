"""Background kernels: against plain per-pixel implementations, oracles, and odd images."""
