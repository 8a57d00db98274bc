"""The wire between station and panel: messages, server, client, picture mailbox.

The only way by which a panel, the command line or a test reaches a station.
"""
