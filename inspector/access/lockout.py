"""Who must wait after failed log-ins: ever longer, and over a restart."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Collection
from pathlib import Path

import structlog
from pydantic import BaseModel, ConfigDict, Field

from inspector.core.errors import ConfigError, RefusedError, StorageError
from inspector.core.ports import Clock
from inspector.durable.files import write_atomically

_log = structlog.get_logger(__name__)

_FREE_FAILURES = 4
_LONGEST_WAIT_S = 300
_MOST_STRANGERS = 1000


class _Failures(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    count: int = Field(ge=1)
    until_utc_us: int
    """When the wait is over; what holds after a restart."""


class Lockout:
    """Failures in a row by name, ``access/failures.json``. Any thread.

    From the fifth failure on a name waits 1 s, 2 s, 4 s, ... up to 5 minutes. Only digests of names
    are kept: some type their password there. Of names that nobody has, the last 1000 are kept.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = OrderedDict(sorted(_load(path).items()))
        now_ns, now_us = clock.monotonic_ns(), clock.utc_us()
        # A wait is never longer than its rule, wherever the clock was set meanwhile.
        self._until_ns = {
            key: now_ns + min(max(0, one.until_utc_us - now_us), _wait_us(one.count)) * 1000
            for key, one in self._failures.items()
        }

    def refuse_or_count(self, name: str, known: Collection[str]) -> None:
        """Raise ``RefusedError`` while the name waits; else count an attempt as a failure.

        Counted before it is tried, so that attempts at the same moment count as well. ``known`` are
        the users' names, which strangers cannot push out.
        """
        key = _digest(name)
        with self._lock:
            left_ns = self._until_ns.get(key, 0) - self._clock.monotonic_ns()
            if left_ns > 0:
                seconds = -(-left_ns // 1_000_000_000)
                raise RefusedError("too many failed attempts", remedy=f"Try again in {seconds} s")
            before = self._failures.pop(key, None)
            count = (before.count if before else 0) + 1
            wait_us = _wait_us(count)
            self._failures[key] = _Failures(
                count=count, until_utc_us=self._clock.utc_us() + wait_us
            )
            self._until_ns[key] = self._clock.monotonic_ns() + wait_us * 1000 if wait_us else 0
            self._forget_strangers({_digest(one) for one in known})
            self._save()

    def waits_s(self, name: str) -> float:
        """How long attempts with this name are not looked at."""
        with self._lock:
            left_ns = self._until_ns.get(_digest(name), 0) - self._clock.monotonic_ns()
            return max(0.0, left_ns / 1e9)

    def take_back(self, name: str) -> None:
        """The attempt counted last could not be tried: it was neither right nor wrong."""
        key = _digest(name)
        with self._lock:
            counted = self._failures.get(key)
            if counted is None:
                return
            if counted.count == 1:
                del self._failures[key]
            else:
                now_us = self._clock.utc_us()
                self._failures[key] = _Failures(count=counted.count - 1, until_utc_us=now_us)
            self._until_ns.pop(key, None)
            self._save()

    def forget(self, name: str) -> None:
        """The name has logged in, or got another password."""
        with self._lock:
            self._until_ns.pop(_digest(name), None)
            if self._failures.pop(_digest(name), None) is not None:
                self._save()

    def _forget_strangers(self, known: Collection[str]) -> None:
        strangers = [key for key in self._failures if key not in known]
        for key in strangers[: max(0, len(strangers) - _MOST_STRANGERS)]:
            del self._failures[key]
            self._until_ns.pop(key, None)

    def _save(self) -> None:
        content = {key: one.model_dump() for key, one in self._failures.items()}
        try:
            write_atomically(self.path, json.dumps(content).encode(), private=True)
        except StorageError as error:  # a full disk must not keep everybody out
            _log.warning("failed log-ins are kept in memory alone", reason=str(error))


def _wait_us(count: int) -> int:
    if count <= _FREE_FAILURES:
        return 0
    seconds: int = 2 ** min(count - _FREE_FAILURES - 1, 10)
    return min(seconds, _LONGEST_WAIT_S) * 1_000_000


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode(errors="replace")).hexdigest()[:32]


def _load(path: Path) -> dict[str, _Failures]:
    try:
        content = json.loads(path.read_bytes())
        return {str(key): _Failures.model_validate(one) for key, one in content.items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StorageError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, AttributeError) as error:
        raise ConfigError(
            f"{path}: damaged", remedy="Delete it: everybody's failed log-ins count from 0 again"
        ) from error
