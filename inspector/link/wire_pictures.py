"""Live pictures for a panel on another PC: the office reads the mailbox there, and hands them on.

So a slow network, or a picture to be encrypted, costs the station's process nothing.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from inspector.core.errors import LinkError
from inspector.link.mailbox_layout import unpacked
from inspector.link.messages import Refused
from inspector.link.office_client import ZmqOfficeClient
from inspector.link.picture import LivePicture
from inspector.link.questions import Told
from inspector.link.questions.live import AskLive, LiveContent

EVERY_S = 0.1
AGAIN_S = 1.0
"""After a refusal, or where there is no office."""
ANSWER_S = 5.0
_AT_ONCE = 16


class WirePictures:
    """Asks for the next picture when the last has come. One thread; never waits for an answer."""

    def __init__(self, data_folder: Path) -> None:
        self._folder = data_folder
        self._client: ZmqOfficeClient | None = None
        self._number, self._asked, self._lost_s, self._next_s = 0, 0, 0.0, 0.0

    def newest(self, token: str) -> LivePicture | None:
        """The newest picture that has come, for the session of this token; None without one."""
        try:
            if self._client is None:
                if time.monotonic() < self._next_s:
                    return None
                self._client = ZmqOfficeClient(self._folder.parent, takes_s=0.0)
            shown = self._hear(self._client)
            self._ask(self._client, token)
        except LinkError:
            self._lay_down()
            return None
        return shown

    def close(self) -> None:
        """Disconnect. Safe to call twice."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _lay_down(self) -> None:
        self._asked, self._next_s = 0, time.monotonic() + AGAIN_S

    def _ask(self, client: ZmqOfficeClient, token: str) -> None:
        now = time.monotonic()
        if now < self._next_s or (self._asked and now < self._lost_s):
            return
        self._asked = client.ask(AskLive(self._number), token)
        self._next_s, self._lost_s = now + EVERY_S, now + ANSWER_S

    def _hear(self, client: ZmqOfficeClient) -> LivePicture | None:
        for _ in range(_AT_ONCE):
            heard = client.hear(0.0)
            if heard is None:
                return None
            if isinstance(heard, Refused):
                self._lay_down()
            elif isinstance(heard, Told) and heard.id == self._asked:
                self._asked = 0
                if isinstance(heard.data, LiveContent) and heard.data.content:
                    self._number = heard.data.number
                    with contextlib.suppress(ValueError):
                        return unpacked(heard.data.content)
        return None
