"""``inspector explain``: pictures of what was expected, and of each part."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from engines.methods import teach_engine
from engines.taught import Folders
from inspector.cli.app import app
from inspector.core.engine_spec import AutoencoderSpec, MtSpec
from inspector.core.errors import InputError
from inspector.core.frame import FrameFormat, PixelFormat
from inspector.core.recipe import PreparationSpec
from inspector.durable.images import encode_png, read_image
from inspector.teaching.prepared import Preparer
from tests.engines.pictures import part
from tests.engines.tiny_bundle import write_bundle, write_tiny_bundle

FORM = FrameFormat(64, 64, PixelFormat.RGB8)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    spec = AutoencoderSpec(width=4, latent=8, epochs=2, batch=4)
    images = [part(number) for number in range(6)]
    taught = teach_engine(images, FORM, spec, lambda stage, share: None, Folders())
    preparation = PreparationSpec(width=64, height=64, pixel_format=PixelFormat.RGB8)
    path = tmp_path_factory.mktemp("bundle") / "b"
    known = Preparer(preparation).hash
    return write_bundle(path, taught, "autoencoder", FORM, images[:2], prepared=known).path


@pytest.fixture
def image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INSPECTOR_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "7.png"
    path.write_bytes(encode_png(part(7, spot=True)))
    return path


def test_pictures_of_what_was_expected_and_of_each_part(bundle: Path, image: Path) -> None:
    result = CliRunner().invoke(app, ["explain", str(bundle), str(image), "--out", "why"])
    assert result.exit_code == 0, result.output
    folder = image.parent / "why"
    names = {"expected", "brightness", "structure"}
    assert {path.name for path in folder.iterdir()} == {f"{name}.png" for name in names}
    shown = {name: read_image(folder / f"{name}.png", PixelFormat.RGB8) for name in names}
    assert {one.shape for one in shown.values()} == {(64, 64, 3)}
    told = read_image(image, PixelFormat.RGB8)
    assert (shown["brightness"] != told).any()
    assert "up to" in result.output


def test_pictures_lie_in_a_folder_named_for_the_image(bundle: Path, image: Path) -> None:
    result = CliRunner().invoke(app, ["explain", str(bundle), str(image)])
    assert result.exit_code == 0, result.output
    assert (image.parent / "7-explained/expected.png").is_file()


def test_features_by_name_are_drawn_and_told(tmp_path: Path, image: Path) -> None:
    images = [part(number) for number in range(20)]
    taught = teach_engine(images, FORM, MtSpec(), lambda stage, share: None, Folders())
    preparation = PreparationSpec(width=64, height=64, pixel_format=PixelFormat.RGB8)
    known = Preparer(preparation).hash
    bundle = write_bundle(tmp_path / "mt", taught, "mt", FORM, images[:2], prepared=known)
    result = CliRunner().invoke(app, ["explain", str(bundle.path), str(image), "--out", "why"])
    assert result.exit_code == 0, result.output
    folder = image.parent / "why"
    assert {path.name for path in folder.iterdir()} == {"by-cell.png", "contributions.svg"}
    chart = ET.parse(folder / "contributions.svg").getroot()
    words = [element.text or "" for element in chart.iter() if element.tag.endswith("text")]
    assert f"{len(taught.features) - 20} others" in words
    assert words[1] in taught.features
    assert f"{words[1]}: " in result.output
    assert "contributions.svg" in result.output


def test_an_engine_that_cannot_tell_is_refused(tmp_path: Path, image: Path) -> None:
    path = write_tiny_bundle(tmp_path / "tiny", "f32").path
    result = CliRunner().invoke(app, ["explain", str(path), str(image)])
    assert isinstance(result.exception, InputError)
    assert "cannot tell what it expected" in str(result.exception)


def test_an_image_that_is_not_there_is_refused(bundle: Path, image: Path) -> None:
    result = CliRunner().invoke(app, ["explain", str(bundle), str(image.with_name("8.png"))])
    assert isinstance(result.exception, InputError)
    assert "8.png" in str(result.exception)
