"""The check ``presence`` on rendered parts: what is missing or protrudes, and where."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from calibration.threshold import calibrate
from inspector.core.check_spec import DecisionBasis
from inspector.core.detection import Detection, EngineInfo
from inspector.core.errors import BundleError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels, ScoreMap
from inspector.core.judgement import CheckResult, Judgement
from inspector.core.ports import PreparedView
from inspector.core.pose import Pose
from inspector.core.recipe import PreparationSpec, Recipe
from inspector.preparation import Preparation
from inspector.preparation.alignment_learning import learn_reference
from inspector.scoring.decision import Decision, provisional_checks
from inspector.scoring.presence import LOST
from inspector.scoring.raw_check import raw_checks
from tests.preparation.rendered_part import drawn, render

SIZE = 160
NOTHING = Detection(np.zeros((1, 1, 1), np.float32), np.zeros(1, np.float32))
LOOKS = ["outline", "template"]


def make_preparation(align: str) -> Preparation:
    spec = PreparationSpec.model_validate(
        {"width": SIZE, "height": SIZE, "pixel_format": "Mono8", "align": align}
    )
    frame = FrameFormat(SIZE, SIZE, PixelFormat.MONO8)
    untaught = Preparation(spec, frame)
    poses = [Pose() if align == "none" else drawn(number) for number in range(9)]
    pictures = [untaught.sight_of(render(SIZE, pose, seed=n)) for n, pose in enumerate(poses)]
    return Preparation(spec, frame, reference=learn_reference(spec, untaught.sight, pictures))


@pytest.fixture(scope="module", params=["none", "contour", "template"])
def preparation(request: pytest.FixtureRequest) -> Preparation:
    return make_preparation(request.param)


def basis_of(expects: str, **keys: Any) -> DecisionBasis:
    check = {"check": "presence", "expects": expects, **keys}
    return DecisionBasis.model_validate({"checks": [check]})


def view_of(preparation: Preparation, image: Pixels) -> PreparedView:
    out = np.empty(preparation.shape, np.uint8)
    pose = preparation.apply(image, out)
    return PreparedView(out, preparation.field, pose=pose, expected=preparation.expected)


def judged(preparation: Preparation, expects: str, image: Pixels) -> tuple[ScoreMap, float]:
    (raw,) = raw_checks(basis_of(expects))
    view = view_of(preparation, image)
    score_map = raw.map_of(view, NOTHING)
    return score_map, raw.score_of(score_map, view)


def pose_for(preparation: Preparation, number: int) -> Pose:
    return Pose() if preparation.spec.align == "none" else drawn(number)


@pytest.mark.parametrize("expects", LOOKS)
def test_good_parts_score_low_and_others_high(preparation: Preparation, expects: str) -> None:
    def scores(**look: Any) -> list[float]:
        return [
            judged(preparation, expects, render(SIZE, pose_for(preparation, n), seed=n, **look))[1]
            for n in range(30, 38)
        ]

    highest = max(scores())
    assert highest < (4.0 if expects == "outline" else 1.0)
    for look in ({"there": False}, {"half": True}, {"second": True}):
        assert min(scores(**look)) > 2.0 * highest, look
    # Light is no matter of presence.
    assert max(scores(gain=0.8)) < 1.5 * highest + 0.5


def test_the_map_shows_what_is_missing_and_how_deep() -> None:
    preparation = make_preparation("none")
    score_map, score = judged(preparation, "outline", render(SIZE, half=True, seed=1))
    part = render(SIZE)[:, :, 0] > 120
    right = np.zeros_like(part)
    right[:, SIZE // 2 + 2 :] = True
    missing = score_map > 3.0
    assert (missing & part & right).sum() > 0.7 * (part & right).sum()
    assert not (missing & ~right)[:, : SIZE // 2 - 3].any()
    assert score == score_map.max()
    assert 0.1 * SIZE < score < 0.3 * SIZE


def test_a_shift_counts_where_nothing_is_aligned() -> None:
    fixed, aligned = make_preparation("none"), make_preparation("contour")
    image = render(SIZE, Pose(8.0, 0.0, 0.0), seed=2)
    assert 6.0 < judged(fixed, "outline", image)[1] < 9.0
    assert judged(aligned, "outline", image)[1] < 4.0


def results_of(preparation: Preparation, image: Pixels) -> tuple[CheckResult, ...]:
    basis = basis_of("outline")
    good = [render(SIZE, pose_for(preparation, n), seed=n) for n in range(200, 230)]
    scores = [judged(preparation, "outline", one)[1] for one in good]
    info = EngineInfo("none", "test", "f", "0" * 64, SIZE, SIZE, 1, 1, 1)
    made = calibrate(
        np.array(scores)[:, None], 0.05, basis, info=info, preparation_hash=preparation.hash
    )
    return Decision(made).judge(view_of(preparation, image), NOTHING)


def test_what_was_not_found_is_rejected_in_words() -> None:
    preparation = make_preparation("contour")
    (good,) = results_of(preparation, render(SIZE, drawn(7), seed=9))
    assert good.passed
    (missing,) = results_of(preparation, render(SIZE, there=False, seed=9))
    assert not missing.passed
    assert missing.score == LOST
    assert missing.reason() == "presence: no part"
    (whole,) = missing.regions
    assert (whole.width, whole.height) == (1.0, 1.0)
    (far,) = results_of(preparation, render(SIZE, Pose(0.0, 36.0, 0.0), seed=9))
    assert re.fullmatch(
        r"presence: misplaced \([+-]\d px, \+3\d px, [+-][0-3]\.\d°\)", far.reason()
    )
    (half,) = results_of(preparation, render(SIZE, half=True, seed=9))
    assert not half.passed


def test_a_missing_part_is_the_only_reason_and_the_worst() -> None:
    engine = CheckResult("engine", 9.0, 1.0, p_value=0.1, extrapolated_p=1e-12)
    lost = CheckResult("presence", LOST, 3.0, p_value=0.1, extrapolated_p=0.01, finding="no part")
    judgement = Judgement((engine, lost))
    assert judgement.reasons == ("presence: no part",)
    assert judgement.worst is lost


@pytest.mark.parametrize("expects", LOOKS)
def test_degenerate_views(expects: str) -> None:
    preparation = make_preparation("none")
    for level in (0, 255):
        image = np.full((SIZE, SIZE, 1), level, np.uint8)
        score_map, score = judged(preparation, expects, image)
        assert np.isfinite(score_map).all()
        assert score > 1.0


def test_it_has_to_be_taught() -> None:
    preparation = make_preparation("none")
    bare = PreparedView(np.zeros((SIZE, SIZE, 1), np.uint8), preparation.field)
    (raw,) = raw_checks(basis_of("outline"))
    with pytest.raises(BundleError, match="when the product was taught"):
        raw.map_of(bare, NOTHING)
    assert provisional_checks(basis_of("outline"), None) is None


def test_recipes_that_align_check_presence() -> None:
    content: dict[str, Any] = {"product": "p", "preparation": {"align": "contour"}}
    with pytest.raises(ValueError, match="needs '- check: presence'"):
        Recipe.model_validate(content)
    checks = [{"check": "engine"}, {"check": "presence"}]
    assert Recipe.model_validate({**content, "checks": checks}).taught_pose
    stretched = {"product": "p", "checks": checks, "preparation": {"fit": "stretch"}}
    with pytest.raises(ValueError, match=r"needs preparation\.fit: exact"):
        Recipe.model_validate(stretched)
