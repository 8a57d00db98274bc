"""Key pairs of the wire: who may speak to the station, and how a client knows it is the station.

CurveZMQ (ZeroMQ RFC 26): elliptic-curve keys, 40 characters each in their Z85 form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import zmq

from inspector.core.errors import LinkError

SERVER_FILE = "server.key"
PANEL_FILE = "panel.key"
LOCAL_PEER = "panel"
"""Who comes with the panel's key of the station's own PC."""
_REMOTE = "remote "
_RENEW = "Delete the file; the station makes a new one when it starts"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A public and a secret key, Z85. The secret one is not shown in messages."""

    public: bytes
    secret: bytes = field(repr=False)


def remote_peer(name: str) -> str:
    """Who comes with the key of a panel on another PC, by the name that the station gave it."""
    return _REMOTE + name


def remote_name(peer: str) -> str:
    """The name of a panel on another PC; empty for everybody else."""
    return peer.removeprefix(_REMOTE) if peer.startswith(_REMOTE) else ""


class KeyFile(msgspec.Struct, frozen=True):
    """A key pair as its file holds it."""

    public: str
    secret: str


def load_key_pair(path: Path) -> KeyPair:
    """Read a key pair. Raises ``LinkError``."""
    try:
        content = msgspec.json.decode(path.read_bytes(), type=KeyFile)
        pair = KeyPair(content.public.encode("ascii"), content.secret.encode("ascii"))
        matches = zmq.curve_public(pair.secret) == pair.public
    except OSError as error:
        raise LinkError(
            f"{path}: the key cannot be read ({error.strerror})",
            remedy="Start the station once, or run as the user it runs as",
        ) from error
    except (ValueError, zmq.ZMQError) as error:
        raise LinkError(f"{path}: no key pair ({error})", remedy=_RENEW) from error
    if not matches:
        raise LinkError(f"{path}: the two keys do not belong together", remedy=_RENEW)
    return pair
