"""Key pairs of the wire: who may speak to the station, and how a client knows it is the station.

CurveZMQ (ZeroMQ RFC 26): elliptic-curve keys, 40 characters each in their Z85 form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import zmq

from inspector.core.errors import LinkError
from inspector.durable.files import write_atomically

SERVER_FILE = "server.key"
PANEL_FILE = "panel.key"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A public and a secret key, Z85. The secret one is not shown in messages."""

    public: bytes
    secret: bytes = field(repr=False)


class _KeyFile(msgspec.Struct, frozen=True):
    public: str
    secret: str


def load_key_pair(path: Path) -> KeyPair:
    """Read a key pair. Raises ``LinkError``."""
    try:
        content = msgspec.json.decode(path.read_bytes(), type=_KeyFile)
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


_RENEW = "Delete the file; the station makes a new one when it starts"


def load_or_create(path: Path) -> KeyPair:
    """The key pair of the file, made at the first call. The file is its owner's alone."""
    if not path.exists():
        public, secret = zmq.curve_keypair()
        content = _KeyFile(public.decode("ascii"), secret.decode("ascii"))
        write_atomically(path, msgspec.json.encode(content), private=True)
    return load_key_pair(path)
