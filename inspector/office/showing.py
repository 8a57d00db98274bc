"""What the station's live screen shows now, for those who cannot map its mailbox."""

from __future__ import annotations

import threading
from pathlib import Path

from inspector.link.endpoint import read_endpoint
from inspector.link.mailbox import thinned
from inspector.link.mailbox_layout import packed
from inspector.link.mailbox_reader import MailboxReader

MOST_BYTES = 400_000
"""Of one picture on the network: ten a second fill a third of 100 Mbit/s."""


class Showing:
    """Any thread."""

    def __init__(self, data_folder: Path) -> None:
        self._folder = data_folder / "link"
        self._lock = threading.Lock()
        self._reader: MailboxReader | None = None
        self._number, self._content = 0, b""

    def newest(self) -> tuple[int, bytes]:
        """A number that grows, and the picture as the mailbox holds it. Raises ``LinkError``."""
        with self._lock:
            if self._reader is None:
                self._reader = MailboxReader(Path(read_endpoint(self._folder).pictures))
            picture = self._reader.newest()
            fitting = thinned(picture, MOST_BYTES) if picture is not None else None
            if fitting is not None:
                self._number += 1
                self._content = b"".join(packed(fitting))
            return self._number, self._content

    def close(self) -> None:
        """Let go of the mailbox."""
        with self._lock:
            if self._reader is not None:
                self._reader.close()
                self._reader = None
