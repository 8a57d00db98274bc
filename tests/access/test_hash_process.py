"""Hashing in another process: the same answers, at a low priority, and never waited for long."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from inspector.access.hash_process import HashProcess
from inspector.access.passwords import HashTimeout, PasswordHash
from inspector.access.permissions import Role
from inspector.access.users import Users
from inspector.core.line_config import AccessConfig
from inspector.link.messages import Login, ResumeSession
from inspector.station.opening import catalogue_of, load_line, open_station
from inspector.station.people import People
from tests.access import hung_worker
from tests.access.clocks import HandClock
from tests.tiny_plant import make_plant

_QUICK = PasswordHash(memory_kib=16, passes=1)


@pytest.fixture
def process() -> Iterator[HashProcess]:
    hashing = HashProcess(memory_kib=16, passes=1, longest_s=60.0)
    yield hashing
    hashing.close()


def test_it_answers_as_hashing_here_does(process: HashProcess) -> None:
    assert process.pid is None, "nothing is started before it is needed"
    stored = process.make("pass wörd\n, long")
    assert _QUICK.matches(stored, "pass wörd\n, long")
    assert process.matches(stored, "pass wörd\n, long")
    assert not process.matches(stored, "another one")
    assert not process.matches(None, "anything")
    assert process.of_badge("00471", b"salt" * 4) == _QUICK.of_badge("00471", b"salt" * 4)


@pytest.mark.skipif(os.name == "nt", reason="nice is POSIX's")
def test_everything_else_goes_first(process: HashProcess) -> None:
    process.make("long enough")
    assert psutil.Process(process.pid).nice() >= min(19, psutil.Process().nice() + 10)


def test_one_that_was_killed_is_replaced(process: HashProcess) -> None:
    stored = process.make("long enough")
    before = psutil.Process(process.pid)
    before.kill()
    psutil.wait_procs([before], 20.0)
    assert process.matches(stored, "long enough")
    assert process.pid != before.pid


def test_threads_take_turns(process: HashProcess) -> None:
    stored, found = process.make("long enough"), []
    threads = [
        threading.Thread(
            target=lambda word=word: found.append((word, process.matches(stored, word)))
        )
        for word in ["long enough", "wrong one"] * 6
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [("long enough", True)] * 6 + [("wrong one", False)] * 6


def test_one_that_hangs_is_given_up_and_ended() -> None:
    hashing = HashProcess(longest_s=0.5, worker=hung_worker)
    with pytest.raises(HashTimeout, match=r"too busy.*Try again"):
        hashing.matches(None, "anything")
    assert hashing.pid is None
    assert not [child for child in psutil.Process().children() if _hangs(child)]


def _hangs(child: psutil.Process) -> bool:
    return hung_worker.__name__ in child.cmdline()


def test_it_ends_with_who_started_it() -> None:
    program = (
        "from inspector.access.hash_process import HashProcess; import time;"
        "h = HashProcess(memory_kib=16, passes=1); h.make('x'); print(h.pid, flush=True);"
        "time.sleep(600)"
    )
    owner = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert owner.stdout is not None
    pid = int(owner.stdout.readline())
    child = psutil.Process(pid)
    owner.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    _, alive = psutil.wait_procs([child], 20.0)
    assert not alive


class _Busy:
    """Hashing that gets no time."""

    def __init__(self) -> None:
        self.busy = True

    def make(self, password: str) -> str:
        return _QUICK.make(password)

    def matches(self, stored: str | None, password: str) -> bool:
        if self.busy:
            raise HashTimeout
        return _QUICK.matches(stored, password)

    def of_badge(self, badge: str, salt: bytes) -> str:
        return _QUICK.of_badge(badge, salt)


def test_what_could_not_be_compared_counts_for_nothing(tmp_path: Path) -> None:
    hashing = _Busy()
    users = Users(tmp_path, clock=HandClock(), hashing=hashing)
    users.add("oki", Role.OPERATOR, "long enough")
    for _ in range(10):
        with pytest.raises(HashTimeout):
            users.authenticate("oki", "long enough")
    hashing.busy = False
    assert users.authenticate("oki", "long enough").name == "oki"


def test_nor_does_a_pin_that_could_not_be_compared(tmp_path: Path) -> None:
    hashing = _Busy()
    hashing.busy = False
    people = People(tmp_path, AccessConfig(), HandClock(), hashing)
    people.users.add("oki", Role.OPERATOR, "long enough")
    people.users.set_pin("oki", "4711")
    people.enter(Login("oki", "long enough"), "oki", "panel")
    hashing.busy = True
    for _ in range(5):
        with pytest.raises(HashTimeout):
            people.enter(ResumeSession("oki", "4711"), "oki", "panel")
    hashing.busy = False
    assert people.enter(ResumeSession("oki", "4711"), "oki", "panel").user == "oki"


def test_a_station_hashes_beside_itself(tmp_path: Path) -> None:
    plant = make_plant(tmp_path, link={"enabled": False})
    Users(plant.data_folder, hashing=_QUICK).add("oki", Role.OPERATOR, "long enough")
    here = psutil.Process()
    before = set(here.children())
    catalogue = catalogue_of(plant.line_file, plant.data_folder)
    with open_station(load_line(plant.line_file), catalogue) as opened:
        opened.console.call(Login("oki", "long enough"))
        (child,) = set(here.children()) - before
        assert "inspector.access.hash_worker" in child.cmdline()
    assert not child.is_running()
