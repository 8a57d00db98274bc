"""The same engine with fewer bits: half precision and INT8, made from the float32 graph."""
