"""The sockets of one client's connection."""

from __future__ import annotations

from pathlib import Path

import zmq

from inspector.link.endpoint import Endpoint
from inspector.link.keys import load_key_pair

LARGEST_EVENT = 8 * 1024 * 1024
NOTICES = 64


class Wire:
    """Requests and events, authenticated. One thread."""

    def __init__(
        self, context: zmq.Context[zmq.Socket[bytes]], endpoint: Endpoint, key_file: Path
    ) -> None:
        self.endpoint = endpoint
        key = load_key_pair(key_file)
        self.requests = context.socket(zmq.DEALER)
        self.requests.setsockopt(zmq.IMMEDIATE, 1)
        self.events = context.socket(zmq.SUB)
        self.events.setsockopt(zmq.MAXMSGSIZE, LARGEST_EVENT)
        self.events.setsockopt(zmq.RCVHWM, NOTICES)
        self.events.setsockopt(zmq.SUBSCRIBE, b"")
        for own, address in ((self.requests, endpoint.requests), (self.events, endpoint.events)):
            own.setsockopt(zmq.CURVE_SERVERKEY, endpoint.server_key.encode("ascii"))
            own.setsockopt(zmq.CURVE_PUBLICKEY, key.public)
            own.setsockopt(zmq.CURVE_SECRETKEY, key.secret)
            own.setsockopt(zmq.HEARTBEAT_IVL, 1000)
            own.setsockopt(zmq.HEARTBEAT_TIMEOUT, 3000)
            own.setsockopt(zmq.RECONNECT_IVL_MAX, 1000)
            own.setsockopt(zmq.LINGER, 0)
            own.setsockopt(zmq.IPV6, int("[" in address))
            own.connect(address)

    def close(self) -> None:
        """Drop both sockets, and what still waits in them."""
        self.requests.close(linger=0)
        self.events.close(linger=0)
