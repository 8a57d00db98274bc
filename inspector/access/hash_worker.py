"""The process that hashes passwords, PINs and badges: one line of JSON asks, one answers.

It reads standard input to its end, so it ends with whoever started it. ``HashProcess`` starts it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import IO

from inspector.access.passwords import PasswordHash

_NICE = 10


def lower_priority() -> None:
    """Everything else on this PC goes first; on Windows the parent asks for it."""
    if hasattr(os, "nice"):
        os.nice(_NICE)


def serve(asked: IO[bytes], answers: IO[bytes], hashing: PasswordHash) -> None:
    """Answer each line; a call is ``[method, arguments, badge's salt in hex]``."""
    for line in asked:
        method, arguments, salt = json.loads(line)
        if method == "make":
            answer: str | bool = hashing.make(*arguments)
        elif method == "matches":
            answer = hashing.matches(*arguments)
        else:
            answer = hashing.of_badge(arguments[0], bytes.fromhex(salt))
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def main() -> None:
    """The process; its arguments are memory in KiB and passes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the station says when it ends
    lower_priority()
    memory_kib, passes = map(int, sys.argv[1:])
    hashing = PasswordHash(memory_kib=memory_kib, passes=passes)
    serve(sys.stdin.buffer, sys.stdout.buffer, hashing)


if __name__ == "__main__":
    main()
