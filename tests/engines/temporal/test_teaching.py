"""Forecasts are chosen honestly, the same for a seed, and predict the same on every runtime."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
import yaml

from engines.sealed_folder import MANIFEST
from engines.temporal import Series
from engines.temporal.artefact import ERRORS, GRAPH, PARITY, TRAINING, WEIGHTS, ForecastManifest
from engines.temporal.forecaster import Block, make_network
from engines.temporal.spec import BASELINES, NETWORKS, ForecastSpec, Network
from engines.temporal.teaching import better_by, dependence, teach_series
from inspector.core.errors import Cancelled, ConfigError
from tests.engines.temporal.rendered import BLINK, series


def manifest_of(files: dict[str, bytes]) -> ForecastManifest:
    return ForecastManifest.model_validate(yaml.safe_load(files[MANIFEST]))


def quick(method: Network, *, only_if_better: bool = False) -> ForecastSpec:
    return ForecastSpec(
        method=method, window=6, width=4, epochs=1, batch=4, only_if_better=only_if_better
    )


SLOW = [pytest.param(method, marks=pytest.mark.slow) for method in ("lstm", "transformer")]


@pytest.fixture(scope="module", params=["gru", *SLOW])
def network(request: pytest.FixtureRequest) -> tuple[Network, dict[str, bytes]]:
    method: Network = request.param
    return method, teach_series(series(260), quick(method))


def test_every_network_is_taught_and_predicts_alike_on_all_runtimes(
    network: tuple[Network, dict[str, bytes]],
) -> None:
    method, files = network
    manifest = manifest_of(files)
    assert manifest.method == method
    assert files.keys() >= {GRAPH, TRAINING, ERRORS}
    assert manifest.taught.parity.keys() == {"onnxruntime", "openvino"}
    assert max(manifest.taught.parity.values()) <= PARITY
    assert len(json.loads(files[TRAINING])["validation"]) == 1
    assert "as was asked" in manifest.choice.words


def test_a_network_that_is_no_better_is_not_kept_and_the_manifest_says_so() -> None:
    files = teach_series(series(260), quick("gru", only_if_better=True))
    manifest = manifest_of(files)
    assert manifest.method == "autoregression"
    assert WEIGHTS in files
    assert GRAPH not in files
    assert manifest.choice.words.startswith("autoregression is kept: on held-out parts gru is")
    assert [one.method for one in manifest.choice.candidates][-1] == "gru"


@pytest.mark.slow
def test_a_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    spec = quick("gru")
    first, again = (teach_series(series(260), spec) for _ in range(2))
    assert first == again
    assert teach_series(series(260), spec.model_copy(update={"seed": 1}))[GRAPH] != first[GRAPH]


@pytest.mark.slow
def test_a_network_that_is_better_is_kept() -> None:
    random = np.random.default_rng(0)
    values = np.zeros(3000)  # the logistic map: what comes next is no weighted sum of what was
    values[0] = 0.3
    for part in range(1, len(values)):
        values[part] = np.clip(3.9 * values[part - 1] * (1.0 - values[part - 1]), 0.01, 0.99)
    noisy = Series(("a",), (values + 0.01 * random.normal(size=len(values)))[:, None])
    manifest = manifest_of(teach_series(noisy, ForecastSpec(method="gru", window=8)))
    assert manifest.method == "gru"
    assert manifest.choice.better_by is not None
    assert manifest.choice.better_by > 0.2


def test_networks_are_tried_only_when_they_are_asked_for() -> None:
    manifest = manifest_of(teach_series(series(260), ForecastSpec(window=6)))
    assert [one.method for one in manifest.choice.candidates] == list(BASELINES)
    assert manifest.method == "autoregression"
    assert ForecastSpec(method="auto").networks == NETWORKS


def test_progress_is_told_and_may_cancel() -> None:
    heard: list[tuple[str, float]] = []

    def progress(stage: str, share: float) -> None:
        heard.append((stage, share))
        if len(heard) == 5:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        teach_series(series(260), quick("gru"), progress)
    assert heard[0] == ("gru: train: epoch 1, first", 0.0)
    assert heard[4][1] == pytest.approx(4 / 16)


def test_too_short_a_series_says_how_many_parts_are_wanted() -> None:
    with pytest.raises(ConfigError, match=r"150 parts are too few.*at least 201"):
        teach_series(series(150), BLINK)
    teach_series(series(201), BLINK)


def test_nothing_later_than_the_cut_is_taught() -> None:
    whole = series(400)
    changed = whole.values.copy()
    changed[300:] += 50.0
    one, other = (teach_series(Series(whole.channels, v), BLINK) for v in (whole.values, changed))
    assert one[WEIGHTS] == other[WEIGHTS]
    assert manifest_of(one).channels[0].centre == manifest_of(other).channels[0].centre
    assert one[ERRORS] != other[ERRORS]


@pytest.mark.parametrize("method", NETWORKS)
def test_an_untaught_network_is_the_last_value(method: Network) -> None:
    network = make_network(method, 6, 2, 8).eval()
    window = torch.randn(3, 6, 2, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        assert torch.equal(network(window), window[:, -1])


def test_no_place_of_the_transformer_sees_a_later_one() -> None:
    block = Block(6, 8)
    tokens = torch.randn(1, 6, 8, generator=torch.Generator().manual_seed(0))
    changed = tokens.clone()
    changed[:, 4:] += 1.0
    with torch.no_grad():
        before, after = block(tokens), block(changed)
    assert torch.allclose(before[:, :4], after[:, :4])
    assert not torch.allclose(before[:, 5], after[:, 5])


def test_better_must_be_more_than_chance() -> None:
    random = np.random.default_rng(0)
    errors = random.normal(size=(500, 2))
    gain, wide = better_by(errors, random.normal(size=(500, 2)))
    assert abs(gain) < 2.5 * wide
    gain, narrow = better_by(errors, 0.8 * errors)
    assert gain > 5.0 * narrow
    in_rows = np.repeat(errors, 8, axis=0)[:4000]
    _, honest = better_by(in_rows, np.zeros_like(in_rows))
    _, naive = better_by(errors[:, ::-1].repeat(8, axis=0)[random.permutation(4000)], in_rows * 0)
    assert honest > 1.8 * naive  # neighbours that are alike count for less


def test_dependence_is_that_of_neighbours() -> None:
    random = np.random.default_rng(0)
    steps = random.normal(size=5000)
    related = steps.copy()
    for part in range(1, 5000):
        related[part] += 0.6 * related[part - 1]
    found = dependence(np.stack([steps, related], axis=1))
    assert found == pytest.approx([0.0, 0.58], abs=0.05)
