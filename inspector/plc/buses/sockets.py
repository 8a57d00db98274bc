"""TCP as a fieldbus needs it: what was not delivered in time is never delivered."""

from __future__ import annotations

import os
import socket
import struct

from inspector.core.errors import PlcError


def forget_on_close(connection: socket.socket) -> None:
    """Let ``close`` throw away what the peer has not taken yet.

    Else the operating system would go on sending it: after a cut network is whole again, an image
    of before could reach the PLC later than one of the next connection.
    """
    pair = "hh" if os.name == "nt" else "ii"
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(pair, 1, 0))


def connect(host: str, port: int, timeout_s: float) -> socket.socket:
    """A connection that forgets on close. Raises ``PlcError`` in words."""
    try:
        connection = socket.create_connection((host, port), timeout_s)
    except ConnectionRefusedError as error:
        raise PlcError(
            f"{host}:{port} refuses the connection",
            remedy="Is its server switched on, and is this PC on its list?",
        ) from error
    except OSError as error:
        raise PlcError(
            f"{host}:{port} does not answer ({error})", remedy="Check host, port and cable"
        ) from error
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    forget_on_close(connection)
    return connection
