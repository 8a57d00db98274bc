"""The list of masters: what it takes, what it refuses, how it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from inspector.core.errors import ConfigError, ImageError, InputError
from inspector.durable.images import encode_png
from inspector.limits.masters import (
    Expected,
    Master,
    MasterList,
    Place,
    keep_picture,
    load_masters,
    masters_file,
    picture_of,
    save_masters,
)
from tests.tiny_plant import picture

GOOD = Master(name="good-1", expected=Expected.GOOD)
BAD = Master(
    name="bad-1",
    expected=Expected.BAD,
    check="engine",
    place=Place(left=0.25, top=0.5, width=0.25, height=0.125),
)


def test_a_list_survives_the_disk_with_its_hash(tmp_path: Path) -> None:
    masters = MasterList(product="tiny").adding(GOOD).adding(BAD)
    save_masters(tmp_path, masters)
    assert load_masters(tmp_path, "tiny") == masters
    assert load_masters(tmp_path, "tiny").hash == masters.hash
    assert masters.without("bad-1").hash != masters.hash
    assert load_masters(tmp_path, "other").masters == ()


def test_the_order_and_what_is_expected_belong_to_the_hash() -> None:
    first = MasterList(product="tiny", masters=(GOOD, BAD))
    assert MasterList(product="tiny", masters=(BAD, GOOD)).hash != first.hash
    anywhere = BAD.model_copy(update={"place": None})
    assert MasterList(product="tiny", masters=(GOOD, anywhere)).hash != first.hash


def test_good_and_bad_are_both_needed() -> None:
    masters = MasterList(product="tiny")
    assert not masters.complete
    assert not masters.adding(GOOD).complete
    assert not masters.adding(BAD).complete
    assert masters.adding(GOOD).adding(BAD).complete


def test_a_name_is_there_once_and_known() -> None:
    masters = MasterList(product="tiny").adding(GOOD)
    with pytest.raises(InputError, match="has a limit sample of this name"):
        masters.adding(GOOD)
    with pytest.raises(InputError, match=r"no limit sample of tiny\. Known: good-1"):
        masters.without("bad-1")


@pytest.mark.parametrize("name", ["", "a b", "../x", "a" * 65])
def test_names_that_cannot_be_used(name: str) -> None:
    with pytest.raises(ValidationError):
        Master(name=name, expected=Expected.GOOD)


def test_a_good_master_has_no_place_to_be_found_at() -> None:
    with pytest.raises(ValidationError, match="a good master has no check"):
        Master(name="good", expected=Expected.GOOD, check="engine")


def test_the_file_of_another_product_is_refused(tmp_path: Path) -> None:
    save_masters(tmp_path, MasterList(product="tiny"))
    masters_file(tmp_path, "tiny").rename(masters_file(tmp_path, "other"))
    with pytest.raises(ConfigError, match=r"other\.yaml: product: is 'tiny'"):
        load_masters(tmp_path, "other")


def test_pictures_are_kept_by_content_and_a_change_shows(tmp_path: Path) -> None:
    file = tmp_path / "scratch.png"
    file.write_bytes(encode_png(picture(1, defective=True)))
    master = BAD.model_copy(update={"picture": keep_picture(tmp_path, "tiny", file)})
    kept = picture_of(tmp_path, "tiny", master)
    assert kept.read_bytes() == file.read_bytes()
    kept.write_bytes(encode_png(picture(2, defective=True)))
    with pytest.raises(InputError, match="missing or changed"):
        picture_of(tmp_path, "tiny", master)
    with pytest.raises(InputError, match="has no picture"):
        picture_of(tmp_path, "tiny", BAD)


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "scratch.png"
    file.write_bytes(b"not a picture")
    with pytest.raises(ImageError, match=r"scratch\.png"):
        keep_picture(tmp_path, "tiny", file)
    with pytest.raises(InputError, match="not a picture"):
        keep_picture(tmp_path, "tiny", tmp_path / "scratch.txt")
