"""A bundle is whole and unchanged, or it is refused."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
import yaml

from engines.bundle import GOLDEN, GRAPH, MANIFEST, Bundle, open_bundle, packed_hash, writing_bundle
from inspector.core.errors import BundleError


@pytest.fixture
def copy(engine_files: dict[str, bytes], tmp_path: Path) -> Path:
    path = tmp_path / "copy"
    with writing_bundle(path, engine_files):
        pass
    return path


def edit(path: Path, **changes: object) -> None:
    content = yaml.safe_load((path / MANIFEST).read_text(encoding="utf-8"))
    (path / MANIFEST).write_text(yaml.safe_dump({**content, **changes}), encoding="utf-8")


def test_opens_with_the_packed_hash(engine_files: dict[str, bytes], copy: Path) -> None:
    opened = open_bundle(copy)
    assert opened.hash == packed_hash(engine_files)
    assert opened.hash == hashlib.sha256((copy / MANIFEST).read_bytes()).hexdigest()
    assert opened.graph == engine_files[GRAPH]
    assert opened.golden().images.shape == (3, 64, 96, 3)


@pytest.mark.parametrize("name", [GRAPH, GOLDEN])
def test_one_changed_bit_is_found(any_bundle: Bundle, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(any_bundle.path, copy)
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    with pytest.raises(BundleError, match=f"{name}: contents differ.*teach the product again"):
        open_bundle(copy)


@pytest.mark.parametrize("name", [GRAPH, GOLDEN])
def test_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(BundleError, match=f"{name}: missing"):
        open_bundle(copy)


def test_unlisted_file_is_refused(copy: Path) -> None:
    (copy / "notes.pkl").write_bytes(b"x")
    with pytest.raises(BundleError, match=r"notes\.pkl: not part of the bundle"):
        open_bundle(copy)


def test_link_is_refused(copy: Path, tmp_path: Path) -> None:
    (copy / GRAPH).rename(tmp_path / GRAPH)
    (copy / GRAPH).symlink_to(tmp_path / GRAPH)
    with pytest.raises(BundleError, match="not a plain file"):
        open_bundle(copy)


def test_path_outside_is_refused(copy: Path) -> None:
    entry = {"sha256": "0" * 64, "size": 1}
    edit(copy, files={"../engine.onnx": entry, GOLDEN: entry})
    with pytest.raises(BundleError, match="files"):
        open_bundle(copy)


def test_newer_version_asks_for_an_update(copy: Path) -> None:
    edit(copy, schema_version=5)
    with pytest.raises(BundleError, match=r"schema_version: 5 is newer.*Update Inspector"):
        open_bundle(copy)


def test_unknown_key_is_named(copy: Path) -> None:
    edit(copy, colour="red")
    with pytest.raises(BundleError, match="colour"):
        open_bundle(copy)


def test_yaml_that_builds_objects_is_refused(copy: Path) -> None:
    (copy / MANIFEST).write_text("!!python/object/apply:os.getcwd []", encoding="utf-8")
    with pytest.raises(BundleError, match="not YAML"):
        open_bundle(copy)


def test_other_folder_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="not a bundle"):
        open_bundle(tmp_path)


def test_failure_while_writing_leaves_nothing(
    engine_files: dict[str, bytes], tmp_path: Path
) -> None:
    def fail(bundle: Bundle) -> None:
        raise KeyError(bundle.hash)

    with pytest.raises(KeyError), writing_bundle(tmp_path / "new", engine_files) as bundle:
        fail(bundle)
    assert not list(tmp_path.iterdir())


def test_the_same_bundle_again_is_kept(engine_files: dict[str, bytes], copy: Path) -> None:
    with writing_bundle(copy, engine_files) as again:
        assert again.path == copy


def test_another_bundle_is_not_overwritten(engine_files: dict[str, bytes], copy: Path) -> None:
    other = {**engine_files, MANIFEST: engine_files[MANIFEST] + b"\n"}
    with pytest.raises(BundleError, match="another bundle"), writing_bundle(copy, other):
        pass
