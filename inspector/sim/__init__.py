"""The simulated plant: belt, encoder, PLC, ejector and rendered parts. A product, not a mock."""
