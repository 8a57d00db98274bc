"""The station: composition root of the program that inspects. Headless, no Qt, no torch."""
