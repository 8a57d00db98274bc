"""Files that survive: written whole or not at all, and flushed before they count.

The bottom of everything that stores; imports only ``inspector.core``.
"""
