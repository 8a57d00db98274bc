"""Work in a process of its own: what needs torch, or so much that it must be possible to kill it.

The child reads one request from its standard input and writes frames to its standard output:
progress, then the result or what went wrong. It ends when the office does.
"""

from __future__ import annotations

import importlib
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from inspector.core.errors import FaultError, InspectorError, RefusedError
from inspector.link.questions import AnyAnswer, AnyQuestion
from inspector.office.jobs import Job
from inspector.office.room import Room

Progress = Callable[[str, int, int], None]
"""Step, how many are done, of how many (0: not known)."""

Apart = Callable[[Any, Room, Progress], AnyAnswer]
"""What runs in the child: it makes a room of its own."""

_LENGTH = struct.Struct("<I")
_LOOK_S = 0.2


class _Request(msgspec.Struct):
    target: str
    line_file: str
    question: AnyQuestion


class _Step(msgspec.Struct, tag=True):
    step: str
    done: int
    total: int


class _Done(msgspec.Struct, tag=True):
    result: AnyAnswer


class _Failed(msgspec.Struct, tag=True):
    problem: str


_frame: msgspec.msgpack.Decoder[_Step | _Done | _Failed] = msgspec.msgpack.Decoder(
    _Step | _Done | _Failed
)


def run_apart(target: str, question: AnyQuestion, room: Room, job: Job) -> AnyAnswer:
    """Have ``target`` (``package.module:function``, an ``Apart``) do a job in a child process.

    Cancelling kills the child. Raises ``RefusedError`` with the child's reason, ``FaultError`` when
    it died, ``Cancelled``.
    """
    request = msgspec.msgpack.encode(_Request(target, str(room.line_file), question))
    command = [sys.executable, "-m", "inspector.office.apart"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        over = threading.Event()
        killer = threading.Thread(target=_kill_when_cancelled, args=(child, job, over), daemon=True)
        killer.start()
        try:
            return _followed(child, request, job)
        finally:
            over.set()
            killer.join()
            child.kill()


def _followed(child: subprocess.Popen[bytes], request: bytes, job: Job) -> AnyAnswer:
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        _write(child.stdin, request)
        while (frame := _read(child.stdout)) is not None:
            said = _frame.decode(frame)
            if isinstance(said, _Done):
                return said.result
            if isinstance(said, _Failed):
                raise RefusedError(said.problem)
            job.progress(said.step, said.done, said.total)
    except (OSError, msgspec.DecodeError):
        pass  # it died: told below
    job.check()
    code = child.wait()
    raise FaultError(f"the process of this job ended with code {code}", remedy="See the log")


def _kill_when_cancelled(child: subprocess.Popen[bytes], job: Job, over: threading.Event) -> None:
    while not over.wait(_LOOK_S):
        if job.cancelled:
            child.kill()
            return


def _write(pipe: BinaryIO | Any, payload: bytes) -> None:
    pipe.write(_LENGTH.pack(len(payload)) + payload)
    pipe.flush()


def _read(pipe: BinaryIO | Any) -> bytes | None:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    payload: bytes = pipe.read(length)
    return payload if len(payload) == length else None


def _child() -> int:
    """Do the one request."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not stand among the frames
    payload = _read(sys.stdin.buffer)
    if payload is None:
        return 1
    threading.Thread(target=_end_with_office, daemon=True).start()
    request = msgspec.msgpack.decode(payload, type=_Request)
    lock = threading.Lock()

    def tell(said: _Step | _Done | _Failed) -> None:
        with lock:
            _write(out, msgspec.msgpack.encode(said))

    module, _, name = request.target.partition(":")
    room = Room.of_line(Path(request.line_file))
    try:
        work: Apart = getattr(importlib.import_module(module), name)
        result = work(request.question, room, lambda *step: tell(_Step(*step)))
        tell(_Done(result))
    except InspectorError as error:
        tell(_Failed(str(error)))
    finally:
        room.close()
    return 0


def _end_with_office() -> None:
    while sys.stdin.buffer.read(1):  # nothing more is ever written: it returns at the pipe's end
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(_child())
