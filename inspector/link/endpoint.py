"""Where a station is reached: addresses of its sockets, its public key, its picture file.

Read by clients from ``<data>/link/endpoint.json``; ``binding`` writes it.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from inspector.core.errors import LinkError


class Endpoint(msgspec.Struct, frozen=True):
    """What a client must know of a running station."""

    requests: str
    events: str
    server_key: str
    pictures: str


def endpoint_file(folder: Path) -> Path:
    """Where the endpoint is written for clients."""
    return folder / "endpoint.json"


def read_endpoint(folder: Path) -> Endpoint:
    """Where the station is, or was last. Raises ``LinkError``."""
    path = endpoint_file(folder)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Endpoint)
    except FileNotFoundError as error:
        raise LinkError(f"{path}: no station has run here", remedy="Start the station") from error
    except (OSError, ValueError) as error:
        raise LinkError(
            f"{path}: cannot be read ({error})", remedy="Start the station again, as this user"
        ) from error
