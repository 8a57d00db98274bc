from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest

from inspector.core.errors import StorageError
from inspector.durable.files import (
    new_folder,
    sha256_of_file,
    storage_errors,
    write_atomically,
)


def _full(_descriptor: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file"
    write_atomically(path, b"content")
    assert path.read_bytes() == b"content"
    assert _names(path.parent) == ["file"]


def test_a_failed_write_keeps_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")
    monkeypatch.setattr(os, "fsync", _full)
    with pytest.raises(StorageError, match=r"file: the disk is full\. Free space"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert _names(tmp_path) == ["file"]


def test_contents_are_flushed_before_the_name_and_the_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    named_at_flush: list[bool] = []
    flush = os.fsync

    def watched(descriptor: int) -> None:
        named_at_flush.append(path.exists())
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    write_atomically(path, b"content")
    assert named_at_flush == [False, True]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_private_files_are_their_owners_alone(tmp_path: Path) -> None:
    write_atomically(tmp_path / "secret", b"", private=True)
    write_atomically(tmp_path / "open", b"")
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "open").stat().st_mode & 0o777 == 0o644


def test_a_folder_gets_its_name_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "bundle"
    with new_folder(target) as folder:
        (folder / "sub").mkdir()
        (folder / "sub" / "file").write_bytes(b"content")
        assert not target.exists()
    assert (target / "sub" / "file").read_bytes() == b"content"
    assert _names(target.parent) == ["bundle"]


def test_an_error_inside_leaves_no_residue(tmp_path: Path) -> None:
    def interrupted() -> None:
        with new_folder(tmp_path / "bundle") as folder:
            (folder / "file").write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert _names(tmp_path) == []


def test_a_full_disk_at_the_end_leaves_no_residue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", _full)
    with pytest.raises(StorageError, match="disk is full"), new_folder(tmp_path / "x") as folder:
        (folder / "file").write_bytes(b"content")
    assert _names(tmp_path) == []


def test_an_existing_folder_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "bundle"
    target.mkdir()
    (target / "file").write_bytes(b"old")
    with pytest.raises(StorageError), new_folder(target) as folder:
        (folder / "file").write_bytes(b"new")
    assert (target / "file").read_bytes() == b"old"
    assert _names(tmp_path) == ["bundle"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "Free space"),
        (errno.EACCES, "owner and rights"),
        (errno.EIO, "Check the disk"),
    ],
)
def test_disk_faults_are_said_in_words(tmp_path: Path, number: int, words: str) -> None:
    with pytest.raises(StorageError, match=words), storage_errors(tmp_path / "file"):
        raise OSError(number, os.strerror(number))


def test_a_hash_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    content = b"x" * 3_000_000
    (tmp_path / "file").write_bytes(content)
    assert sha256_of_file(tmp_path / "file") == hashlib.sha256(content).hexdigest()
