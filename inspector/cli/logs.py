"""Structured logs: one JSON object a line, in files of bounded size, off the threads that log."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import queue
from collections.abc import Iterator
from pathlib import Path

import structlog

from inspector.durable.files import storage_errors

_FILE_BYTES = 10 * 2**20
_FILES = 10
_WAITING = 10_000


class _Drop(logging.handlers.QueueHandler):
    """Puts lines into a bounded queue; when it is full the line is lost, never the time."""

    def enqueue(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(queue.Full):
            self.queue.put_nowait(record)


@contextlib.contextmanager
def log_to(folder: Path, station: str) -> Iterator[None]:
    """Send all logs to ``folder/station.log`` while the block runs."""
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        files = logging.handlers.RotatingFileHandler(
            folder / f"{station}.log", maxBytes=_FILE_BYTES, backupCount=_FILES, encoding="utf-8"
        )
    files.setFormatter(logging.Formatter("%(message)s"))
    waiting: queue.Queue[logging.LogRecord] = queue.Queue(_WAITING)
    listener = logging.handlers.QueueListener(waiting, files)
    handler = _Drop(waiting)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    listener.start()
    try:
        yield
    finally:
        root.removeHandler(handler)
        listener.stop()
        files.close()
        structlog.reset_defaults()
