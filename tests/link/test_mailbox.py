"""The picture mailbox: newest, whole, or nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inspector.core.judgement import Region
from inspector.link.client_zmq import ZmqClient
from inspector.link.in_process import InProcessLink
from inspector.link.mailbox import PictureMailbox
from inspector.link.mailbox_reader import MailboxReader
from inspector.link.picture import LivePicture, OtherView
from inspector.link.server import LinkServer
from tests.link.stations import SteeredHandler, until

REGION = Region(0.1, 0.2, 0.3, 0.4, 120.0, None, 3.5)


def picture(part_id: int, height: int = 30, width: int = 40, channels: int = 3) -> LivePicture:
    """Pixels and map all hold the part's number, so that a mixture shows."""
    return LivePicture(
        part_id=part_id,
        utc_us=1_000_000 + part_id,
        passed=part_id % 2 == 0,
        cause="defect",
        pixels=np.full((height, width, channels), part_id % 251, np.uint8),
        map=np.full((height // 8, width // 8), float(part_id), np.float32),
        score=2.5,
        threshold=1.25,
        regions=(REGION,),
    )


def is_of_one_part(seen: LivePicture) -> bool:
    return bool(
        (seen.pixels == seen.part_id % 251).all()
        and seen.map is not None
        and (seen.map == seen.part_id).all()
        and seen.utc_us == 1_000_000 + seen.part_id
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pictures"


@pytest.fixture
def mailbox(path: Path) -> Iterator[PictureMailbox]:
    mailbox = PictureMailbox(path, slot_bytes=64 * 1024)
    yield mailbox
    mailbox.close()


@pytest.fixture
def reader(path: Path) -> Iterator[MailboxReader]:
    reader = MailboxReader(path)
    yield reader
    reader.close()


def test_a_picture_comes_out_as_it_went_in(mailbox: PictureMailbox, reader: MailboxReader) -> None:
    sent = picture(7)
    assert mailbox.offer(sent)
    seen = reader.newest()
    assert seen is not None
    assert (seen.part_id, seen.utc_us, seen.passed, seen.cause) == (7, 1_000_007, False, "defect")
    assert (seen.score, seen.threshold, seen.regions) == (2.5, 1.25, (REGION,))
    assert seen.map is not None
    assert sent.map is not None
    np.testing.assert_array_equal(seen.pixels, sent.pixels)
    np.testing.assert_array_equal(seen.map, sent.map)
    assert seen.map.dtype == np.float32
    seen.pixels[:] = 0  # the receiver's own
    seen.map[:] = 0


def test_only_the_newest_is_seen_and_only_once(
    mailbox: PictureMailbox, reader: MailboxReader
) -> None:
    assert reader.newest() is None
    for part_id in range(10):
        mailbox.offer(picture(part_id))
    seen = reader.newest()
    assert seen is not None
    assert seen.part_id == 9
    assert reader.newest() is None
    mailbox.offer(picture(10))
    assert reader.newest() is not None


def test_a_part_that_was_rejected_unseen_has_no_map(
    mailbox: PictureMailbox, reader: MailboxReader
) -> None:
    unseen = LivePicture(3, 0, passed=False, cause="lost", pixels=np.zeros((4, 6, 1), np.uint8))
    mailbox.offer(unseen)
    seen = reader.newest()
    assert seen is not None
    assert seen.map is None
    assert seen.pixels.shape == (4, 6, 1)


@pytest.mark.parametrize("shape", [(200, 300, 3), (3000, 20, 1), (1000, 1000, 3)])
def test_a_picture_too_large_for_its_slot_is_thinned_out(
    mailbox: PictureMailbox, reader: MailboxReader, shape: tuple[int, int, int]
) -> None:
    assert mailbox.offer(picture(5, *shape))
    seen = reader.newest()
    assert seen is not None
    assert is_of_one_part(seen)
    assert seen.pixels.shape[0] / seen.pixels.shape[1] == pytest.approx(
        shape[0] / shape[1], rel=0.2
    )


def test_what_never_fits_is_skipped(path: Path, reader: MailboxReader) -> None:
    mailbox = PictureMailbox(path, slot_bytes=64)
    assert not mailbox.offer(picture(1))
    assert reader.newest() is None
    mailbox.close()


def test_a_strided_view_is_taken_as_it_is_seen(
    mailbox: PictureMailbox, reader: MailboxReader
) -> None:
    whole = np.arange(20 * 30, dtype=np.uint8).reshape(20, 30, 1)
    view = whole[::2, 5:25]
    mailbox.offer(LivePicture(1, 0, passed=True, cause="", pixels=view))
    seen = reader.newest()
    assert seen is not None
    np.testing.assert_array_equal(seen.pixels, view)


def test_a_station_that_starts_again_is_noticed(
    path: Path, mailbox: PictureMailbox, reader: MailboxReader
) -> None:
    for part_id in range(20):
        mailbox.offer(picture(part_id))
    assert reader.newest() is not None
    mailbox.close()
    again = PictureMailbox(path, slot_bytes=64 * 1024)
    assert reader.newest() is None, "a picture of the earlier station was shown"
    again.offer(picture(3))
    seen = reader.newest()
    assert seen is not None
    assert seen.part_id == 3
    again.close()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
def test_another_file_of_another_size_is_noticed(
    path: Path, mailbox: PictureMailbox, reader: MailboxReader
) -> None:
    mailbox.offer(picture(1))
    assert reader.newest() is not None
    larger = PictureMailbox(path, slot_bytes=128 * 1024)
    larger.offer(picture(2))
    seen = reader.newest()
    assert seen is not None
    assert seen.part_id == 2
    larger.close()


@pytest.mark.parametrize("content", [b"", b"x" * 10, bytes(64), b"INSPPIC1" + b"\xff" * 100])
def test_a_foreign_file_holds_no_picture(path: Path, reader: MailboxReader, content: bytes) -> None:
    path.write_bytes(content)
    assert reader.newest() is None


def test_a_slot_whose_writer_died_is_passed_over(
    path: Path, mailbox: PictureMailbox, reader: MailboxReader
) -> None:
    mailbox.offer(picture(1))
    mailbox.offer(picture(2))
    slot_of_two = 64 + 2 * (64 + 64 * 1024)
    with path.open("r+b") as file:
        file.seek(slot_of_two)
        file.write((3).to_bytes(8, "little"))
    seen = reader.newest()
    assert seen is not None
    assert seen.part_id == 1


def test_damaged_pixels_are_not_shown(
    path: Path, mailbox: PictureMailbox, reader: MailboxReader
) -> None:
    mailbox.offer(picture(1))
    with path.open("r+b") as file:
        file.seek(64 + (64 + 64 * 1024) + 64 + 500)
        file.write(b"\xee")
    assert reader.newest() is None


WRITER = """
import sys
from pathlib import Path
from inspector.link.mailbox import PictureMailbox
from tests.link.test_mailbox import picture

mailbox = PictureMailbox(Path(sys.argv[1]), slot_bytes=600_000)
print("ready", flush=True)
for part_id in range(int(sys.argv[2])):
    mailbox.offer(picture(part_id, 400, 450))
"""


def test_a_reader_never_sees_a_mixture(path: Path, reader: MailboxReader) -> None:
    """A process writes at full speed while this one checks every picture it gets."""
    command = [sys.executable, "-c", WRITER, str(path), "1500"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        seen = [-1]
        while writer.poll() is None or seen[-1] < 1499:
            newest = reader.newest()
            if newest is not None:
                assert is_of_one_part(newest)
                seen.append(newest.part_id)
        assert writer.returncode == 0
    assert seen == sorted(set(seen))
    assert len(seen) > 5


def test_a_reader_that_dies_takes_nothing_along(
    path: Path, mailbox: PictureMailbox, reader: MailboxReader
) -> None:
    dies = (
        "import os, sys; from pathlib import Path\n"
        "from inspector.link.mailbox_reader import MailboxReader\n"
        "assert MailboxReader(Path(sys.argv[1])).newest() is not None; os._exit(1)"
    )
    mailbox.offer(picture(1))
    died = subprocess.run([sys.executable, "-c", dies, str(path)], check=False, capture_output=True)
    assert died.stderr == b""
    mailbox.offer(picture(2))
    seen = reader.newest()
    assert seen is not None
    assert seen.part_id == 2


def test_the_client_gets_the_pictures_of_its_station(tmp_path: Path) -> None:
    server = LinkServer(tmp_path, SteeredHandler())
    server.start()
    mailbox = PictureMailbox(server.pictures)
    client = ZmqClient(tmp_path)
    mailbox.offer(picture(4))
    assert until(client.picture).part_id == 4
    assert client.picture() is None
    client.close()
    mailbox.close()
    server.close()
    in_memory = server.pictures.parent.parent != tmp_path
    assert not (in_memory and server.pictures.exists()), "memory is kept by a station that ended"


def test_the_in_process_client_gets_copies() -> None:
    link = InProcessLink(SteeredHandler())
    client = link.client()
    assert client.picture() is None
    sent = picture(4)
    link.offer(sent)
    sent.pixels[:] = 0
    seen = client.picture()
    assert seen is not None
    assert is_of_one_part(seen)
    assert client.picture() is None
    client.close()


def test_all_views_of_a_part_arrive_even_when_they_have_to_be_thinned_out(path: Path) -> None:
    box = PictureMailbox(path, slot_bytes=40_000)
    others = tuple(
        OtherView(view, np.full((100, 160, 1), view, np.uint8), None, 0.5, (REGION,))
        for view in (0, 2)
    )
    assert box.offer(replace(picture(4, 100, 160), view=1, others=others))
    seen = MailboxReader(path).newest()
    box.close()
    assert seen is not None
    assert [view.view for view in seen.views] == [1, 0, 2]
    assert [int(view.pixels[0, 0, 0]) for view in seen.views] == [4, 0, 2]
    assert seen.pixels.shape[0] < 100
    assert seen.others[1].regions == (REGION,)
    assert seen.map is not None
    assert seen.others[0].map is None
