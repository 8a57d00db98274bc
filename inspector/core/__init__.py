"""Values and rules of the line: the bottom of every layer.

Nothing here opens a file, a socket or a device, and nothing here starts a thread.
"""
