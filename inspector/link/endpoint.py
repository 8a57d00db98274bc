"""Where station and office are reached: addresses of their sockets, public key, picture file.

Read by clients from ``endpoint.json`` and ``office.json`` in ``<data>/link``; ``binding`` writes.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from inspector.core.errors import LinkError

STATION, OFFICE = "endpoint", "office"
"""Who can be reached: names of their files."""


class Endpoint(msgspec.Struct, frozen=True):
    """What a client must know of a running station, or of its office, which has no pictures."""

    requests: str
    events: str
    server_key: str
    pictures: str


def endpoint_file(folder: Path, name: str = STATION) -> Path:
    """Where the endpoint is written for clients."""
    return folder / f"{name}.json"


def read_endpoint(folder: Path, name: str = STATION) -> Endpoint:
    """Where the station, or its office, is or was last. Raises ``LinkError``."""
    path = endpoint_file(folder, name)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Endpoint)
    except FileNotFoundError as error:
        raise LinkError(f"{path}: no station has run here", remedy="Start the station") from error
    except (OSError, ValueError) as error:
        raise LinkError(
            f"{path}: cannot be read ({error})", remedy="Start the station again, as this user"
        ) from error
