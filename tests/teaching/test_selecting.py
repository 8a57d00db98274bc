"""What is told of the engine `mt`: which kinds of figures help, and whether its images sufficed."""

from __future__ import annotations

from pathlib import Path

import pytest

from engines.bundle import Bundle
from engines.methods import teach_engine
from engines.taught import Folders
from inspector.core.engine_spec import MtSpec
from inspector.core.frame import FrameFormat, PixelFormat
from inspector.core.judgement import CheckResult
from inspector.core.ports import PreparedView
from inspector.core.recipe import Box
from inspector.teaching.selecting import kinds_of, words_of_taught
from tests.engines.pictures import part
from tests.engines.tiny_bundle import write_bundle

FORM = FrameFormat(64, 64, PixelFormat.RGB8)
FIELD = Box(x=0, y=0, width=64, height=64)


def bundle_of(folder: Path, spec: MtSpec, images: int = 20) -> Bundle:
    good = [part(number) for number in range(images)]
    taught = teach_engine(good, FORM, spec, lambda stage, share: None, Folders())
    return write_bundle(folder / "b", taught, "mt", FORM, good[:2])


def judge(path: Path) -> tuple[PreparedView, tuple[CheckResult, ...]]:
    """Files are named for pictures."""
    image = part(int(path.stem), spot=path.parent.name == "spot")
    return PreparedView(image, FIELD), ()


GOOD = [Path("good") / str(number) for number in range(20, 60)]
SPOTS = [Path("spot") / str(number) for number in range(60, 70)]


def test_kinds_that_tell_the_defects_are_told(tmp_path: Path) -> None:
    spec = MtSpec(grid=2, features=("level", "darkest", "sharpest"))
    found = kinds_of(bundle_of(tmp_path, spec), judge, GOOD, SPOTS)
    assert found is not None
    assert found.names == ("level", "darkest", "sharpest")
    assert found.gains.argmax() == 1  # spots are dark


@pytest.mark.parametrize("form", ["whole", "cells"])
def test_nothing_is_told_without_defects_or_of_cells(tmp_path: Path, form: str) -> None:
    spec = MtSpec.model_validate({"grid": 2, "form": form, "features": ["level"]})
    defects = SPOTS if form == "cells" else []
    assert kinds_of(bundle_of(tmp_path, spec), judge, GOOD, defects) is None


def test_too_few_images_are_told_with_what_was_done(tmp_path: Path) -> None:
    spec = MtSpec(form="cells", grid=2, features=("level",))
    (few,) = words_of_taught(bundle_of(tmp_path, spec).manifest)
    assert "of 20 parts over 3 features" in few
    assert "towards none: 5 more would do without" in few
    (enough,) = words_of_taught(bundle_of(tmp_path / "more", spec, 25).manifest)
    assert enough.endswith("towards none.")
