"""What a part should look like: the nearest of the good images that were taught."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engines.bundle import Bundle
from inspector.core.errors import RefusedError
from inspector.link.questions.comparing import AskExplanation, Explained, Nearest, NearestNormal
from inspector.link.questions.parts import ListParts, Parts
from inspector.office.answers import comparing
from inspector.station.deciders import find_bundle
from inspector.teaching.dataset import DatasetStore, Entry, Label, Split, digest_of
from tests.office.conftest import Desk
from tests.tiny_plant import GOOD, SIDE


@pytest.fixture
def taught(desk: Desk, tmp_path: Path) -> Iterator[int]:
    """Good images of which the last is the only one that is even."""
    store, images = DatasetStore(desk.plant.data_folder / "datasets/tiny"), []
    for number in range(5):
        pixels = np.full((SIDE, SIDE), GOOD, np.uint8)
        pixels[:, : SIDE // 2] += 0 if number == 4 else 30
        path = tmp_path / f"{number}.png"
        cv2.imwrite(str(path), pixels + np.uint8(number))
        entry = Entry(
            sha256=digest_of(path),
            suffix=".png",
            source=path.name,
            label=Label.GOOD,
            split=Split.TEACH,
        )
        images.append((entry, path))
    store.add(images)
    yield len(images)
    shutil.rmtree(store.folder)


def test_a_reject_is_shown_beside_its_nearest_normal(desk: Desk, taught: int) -> None:
    page = desk.ask(ListParts(count=1))
    assert isinstance(page, Parts)
    part = page.entries[0].part
    nearest = desk.ask(NearestNormal(part, longest=48))
    assert isinstance(nearest, Nearest)
    shown, normal = (
        cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
        for data in (nearest.part, nearest.normal)
    )
    assert shown is not None
    assert normal is not None
    assert shown.shape == normal.shape
    assert max(shown.shape) == 48
    assert nearest.among == taught
    assert nearest.apart < 5.0
    assert int(np.ptp(normal)) < 10, "the even one is the nearest"
    assert int(np.ptp(shown)) > 30, "the defect is on the part alone"
    with pytest.raises(RefusedError, match="no picture"):
        desk.ask(NearestNormal(part, view=3))


def test_an_engine_tells_what_it_expected_and_what_its_map_is_made_of(
    desk: Desk, taught: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk.ask(ListParts(count=1))
    assert isinstance(page, Parts)
    part = page.entries[0].part
    with pytest.raises(RefusedError, match="cannot tell what it expected"):
        desk.ask(AskExplanation(part))

    def explaining(*asked: Any) -> Bundle:
        """Its own image for what it expected, and the mean grey, by tensors that it has."""
        bundle = find_bundle(*asked)
        tells = {"explains": {"expected": "nchw", "brightness": "pooled"}}
        return dataclasses.replace(bundle, manifest=bundle.manifest.model_copy(update=tells))

    monkeypatch.setattr(comparing, "find_bundle", explaining)
    nearest = desk.ask(NearestNormal(part))
    assert isinstance(nearest, Nearest)
    assert nearest.explains
    told = desk.ask(AskExplanation(part))
    assert isinstance(told, Explained)
    assert [name for name, _ in told.heats] == ["brightness"]
    seen, expected, hot = map(_decoded, (told.part, told.expected, told.heats[0][1]))
    assert seen.shape == expected.shape == hot.shape
    assert np.abs(seen - expected).mean() < 3.0
    red = hot[:, :, 2] - hot[:, :, 1] > 60
    defect = seen[:, :, 0] > 150
    assert red.any()
    assert (red & defect).sum() > 0.8 * red.sum(), "red where it is brightest"


def _decoded(data: bytes) -> NDArray[np.intp]:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return image.astype(np.intp)
