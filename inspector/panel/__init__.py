"""The touchscreen: a program of its own that shows one station and passes on what people ask of it.

Thin widgets over Qt-free models over a ``StationClient``. Nothing here can delay a verdict.
"""
