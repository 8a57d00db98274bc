"""A forgotten administrator: who can write the data folder as the service's user may come back."""

from __future__ import annotations

import hmac
import os
import secrets
import stat
import time
from pathlib import Path

from inspector.core.errors import RefusedError
from inspector.core.state import Health
from inspector.durable.files import storage_errors, write_atomically

ALARM = "recovered"
"""Key of the alarm that stands until an administrator acknowledges it."""
HEALTH = Health.MAINTENANCE_REQUIRED
_VALID_S = 60.0
_LONG_ENOUGH = 32


def in_words(user: str) -> str:
    """What the alarm says."""
    return (
        f"The administrator {user} was recovered on the station's console. "
        "An administrator has to take note"
    )


def write_proof(data_folder: Path) -> str:
    """Prove that one can write the folder of users; the text goes into ``Recover``."""
    proof = secrets.token_urlsafe(_LONG_ENOUGH)
    write_atomically(_file(data_folder), proof.encode(), private=True)
    return proof


def check_proof(data_folder: Path, proof: str) -> None:
    """Take the proof away. Raises ``RefusedError`` when it is not what was written just now."""
    path = _file(data_folder)
    try:
        found, content = path.lstat(), path.read_bytes()
    except OSError:
        found, content = None, b""
    with storage_errors(path):
        path.unlink(missing_ok=True)
    own = found is not None and stat.S_ISREG(found.st_mode)
    if os.name != "nt" and found is not None:
        own = own and found.st_uid == os.geteuid()
    recent = found is not None and abs(time.time() - found.st_mtime) < _VALID_S
    alike = hmac.compare_digest(content, proof.encode(errors="replace"))
    if not (own and recent and alike and len(content) >= _LONG_ENOUGH):
        raise RefusedError(
            "recovery is for who can write the data folder as the station's user",
            remedy="Run inspector users recover on the station's console",
        )


def _file(data_folder: Path) -> Path:
    return data_folder / "access" / "recovery"
