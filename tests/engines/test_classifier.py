"""The supervised engine: its probabilities, its folds, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from engines.bundle import TRAINING
from engines.methods import teach_engine
from engines.neural.classifier import OTHER, _named, odds, platt, stratified
from engines.runtimes.onnxruntime import open_session
from engines.taught import Folders
from inspector.core.engine_spec import ClassifierSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat, PixelFormat
from tests.engines.pictures import part

IMAGE = part(0)


def test_odds_are_those_of_any_defect() -> None:
    logits = torch.tensor([[1.0, 2.0, 0.5]])
    chances = torch.softmax(logits, 1)[0]
    wanted = torch.log((chances[1] + chances[2]) / chances[0])
    assert odds(logits).item() == pytest.approx(wanted.item(), rel=1e-5)


def test_platt_finds_slope_and_offset_of_known_odds() -> None:
    random = np.random.default_rng(0)
    log_odds = random.normal(0, 2, 20_000)
    chance = 1 / (1 + np.exp(-(0.5 * log_odds - 1.0)))
    slope, offset = platt(log_odds, random.random(20_000) < chance)
    assert slope == pytest.approx(0.5, abs=0.03)
    assert offset == pytest.approx(-1.0, abs=0.05)


def test_platt_stays_finite_where_classes_part() -> None:
    log_odds = np.concatenate([np.full(30, -8.0), np.full(10, 9.0)])
    slope, offset = platt(log_odds, log_odds > 0)
    chance = 1 / (1 + np.exp(-(slope * np.array([-8.0, 9.0]) + offset)))
    assert 0.0 < slope < 10.0
    assert chance[0] == pytest.approx(1 / 32, abs=0.01)
    assert chance[1] == pytest.approx(11 / 12, abs=0.01)


def test_folds_have_as_many_of_each_class_as_can_be() -> None:
    labels = np.repeat([0, 1, 2], [20, 7, 5])
    folds = stratified(labels, 5, seed=1)
    counts = np.array([np.bincount(folds[labels == kind], minlength=5) for kind in range(3)])
    assert (counts.max(axis=1) - counts.min(axis=1) <= 1).all()
    assert np.array_equal(folds, stratified(labels, 5, seed=1))
    assert not np.array_equal(folds, stratified(labels, 5, seed=2))


def test_rare_kinds_are_joined() -> None:
    named = _named({"scratch": [IMAGE] * 6, "dent": [IMAGE] * 2, "burr": [IMAGE] * 3})
    assert {name: len(some) for name, some in named.items()} == {"scratch": 6, OTHER: 5}


def test_too_few_defects_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"6 are too few.*train/<defect>"):
        _named({"scratch": [IMAGE] * 6})


def test_kinds_are_told_apart_and_left_out_images_judged(cache: Path) -> None:
    form = FrameFormat(64, 64, PixelFormat.RGB8)
    good = [part(number) for number in range(12)]
    spots = [part(number, spot=True) for number in range(20, 30)]
    bright = [
        np.clip(part(number).astype(int) + 50, 0, 255).astype(np.uint8) for number in range(8)
    ]
    spec = ClassifierSpec(width=8, folds=2, epochs=5, seed=1)
    taught = teach_engine(
        good,
        form,
        spec,
        lambda stage, share: None,
        Folders(cache=cache),
        defects={"spot": spots, "bright": bright},
    )
    assert taught.classes == ("bright", "spot")
    assert taught.parameters["defects"] == "bright:8 spot:10"
    found = json.loads(taught.files[TRAINING])
    assert found["labels"] == [0] * 12 + [1] * 8 + [2] * 10
    left_out, labels = np.array(found["left_out"]), np.array(found["labels"])
    assert np.median(left_out[labels > 0]) > np.median(left_out[labels == 0])
    session = open_session(taught.graph.SerializeToString(), 1)
    (scores,) = session.run(["score"], {"image": np.stack([part(60), part(60, spot=True)])})
    chances = 1 - np.exp(-scores)
    assert 0 <= chances[0] < 0.5 < chances[1] <= 1
