"""``inspector teach --add-good`` and ``--missed``: what goes together, and what is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibration.threshold import Calibration, CheckCalibration
from inspector.cli.teach_more import More, show_change
from inspector.core.check_spec import DecisionBasis
from inspector.core.errors import InputError
from inspector.teaching.change import Change, Judged, TaughtAgain


def more(**asked: object) -> More:
    plain = {"add_good": False, "production": None, "missed": False, "mark": None}
    return More(**{"dataset": "x", **plain, **asked})  # type: ignore[arg-type]  # one of each kind


def test_teaching_anew_takes_its_own_options() -> None:
    assert not more().is_asked({"size": "256", "good": 3})


def test_both_ways_are_known() -> None:
    assert more(add_good=True, production=Path("p")).is_asked({"size": None})
    assert more(missed=True, mark="1,2,3,4").is_asked({"size": None})


@pytest.mark.parametrize(
    ("asked", "others", "words"),
    [
        ({"production": Path("p")}, {}, "--production: only for --add-good"),
        ({"missed": True, "mark": "m", "production": Path("p")}, {}, "--production: only for"),
        ({"mark": "1,2,3,4"}, {}, "--mark: only for --missed"),
        ({"add_good": True, "missed": True, "mark": "m"}, {}, "not both at once"),
        ({"missed": True}, {}, r"--missed x: where is the defect\?.*--mark x,y,w,h"),
        ({"add_good": True}, {"size": "256"}, "--size: the engine stays.*without --add-good"),
        ({"missed": True, "mark": "m"}, {"out": Path("o")}, "--out: .*without --missed"),
    ],
)
def test_what_does_not_go_together(
    asked: dict[str, object], others: dict[str, object], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        more(**asked).is_asked({"engine": None, **others})


def test_figures_before_and_after_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    change = Change(
        change="add-good",
        parent="a" * 64,
        threshold_before=1.0,
        threshold_after=0.9,
        images=(Judged("1.png", 1.2, 0.8), Judged("2.png", 0.95, 0.95)),
        calibration_images=50,
        rejected_before=2,
        rejected_after=1,
        good=(12, 3),
        missed=(-1, 0),
        left=(0, 7),
    )
    show_change(TaughtAgain(Path("b"), "c" * 64, _calibration(), change, {"features": 1.25}))
    printed = capsys.readouterr().out
    for line in (
        "b (made from aaaaaaaaaaaa)",
        "1.png: 1.2000 rejected -> 0.8000 passed",
        "2.png: 0.9500 passed -> 0.9500 rejected",
        "12 + 3 patches of good parts, -1 + 0 of defects",
        "0 + 7 more found no room",
        "2 -> 1 of 50 good images over the threshold",
        "1.0000 -> 0.9000",
        "proved       at most 9.14 % at 95 % confidence",
        "wants        9 more good images: if none",
    ):
        assert line in printed


def _calibration() -> Calibration:
    return Calibration(
        threshold=0.9,
        promised=0.05,
        marginal=0.05,
        bound95=0.0914,
        images=50,
        wants_images=9,
        extrapolated=False,
        cross_fitted=False,
        basis=DecisionBasis(),
        statistic_version=1,
        bundle_hash="c" * 64,
        preparation_hash="d" * 64,
        fingerprint="openvino",
        scores=(0.5,) * 50,
        checks=(CheckCalibration(name="engine", threshold=0.9, scores=(0.5,) * 50),),
    )
