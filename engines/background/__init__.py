"""Background checks: what differs from its own surroundings. The one implementation of each.

Every kernel turns one prepared image into a raw map, teaches nothing (but the global RX) and keeps
nothing from one frame to the next.
"""
