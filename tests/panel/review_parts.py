"""Parts to be judged again that never were, and what another rate would have made of them."""

from __future__ import annotations

import functools

import numpy as np

from inspector.link.messages import Judge, Mark
from inspector.link.questions.comparing import Nearest, NearestNormal
from inspector.link.questions.jobs import AskResult, JobStarted
from inspector.link.questions.parts import ListParts, PartEntry, PartPicture, Parts, Picture
from inspector.link.questions.reviewing import (
    AskPart,
    AskReviews,
    PartCheck,
    PartDetail,
    Reviews,
    Said,
)
from inspector.link.questions.what_if import Flipping, RateStop, WhatIf, WhatIfTable
from tests.panel import fakes
from tests.panel.stage import Answer

NOON = fakes.NOON_UTC_US
PARTS = 30
RATES = (0.0001, 0.001, 0.005, 0.01, 0.03, 0.1)
NOW = 3
CAUSES = ("engine", "presence: no part", "rx", "frame-lost")
JOB = 7
FIRST_RECORD = 1000


def entry(number: int, *, passed: bool = False) -> PartEntry:
    return PartEntry(
        record=FIRST_RECORD - number,
        part=500 - number,
        utc_us=NOON - number * 90_000_000,
        product="solar-mono",
        lot="L-2231",
        passed=passed,
        cause="good" if passed else "defect",
        reasons=() if passed else (CAUSES[number % len(CAUSES)],),
        score=4.1,
        threshold=2.4,
        p_value=0.005,
        views=0 if number % 7 == 3 else 2,
        finding={1: "defect", 4: "good", 6: "unsure"}.get(number, ""),
    )


def parts(asked: ListParts) -> Parts:
    """Thirty of each, page by page."""
    begin = FIRST_RECORD - asked.before + 1 if asked.before else 0
    end = min(begin + asked.count, PARTS)
    page = tuple(entry(n, passed=asked.which != "rejects") for n in range(begin, end))
    return Parts(page, next=page[-1].record if end < PARTS else 0)


@functools.cache
def drawn(seed: int, *, passed: bool, heat: bool = False) -> bytes:
    """A cell; a scratched one unless it passed; with heat where the scratch is."""
    grey = fakes.picture(seed % 4, passed=passed).pixels[::2, ::2]
    if not heat:
        return fakes.jpeg(grey)
    hill = (
        (fakes.scores(1.25, base=0.0) - 0.25)
        .clip(0, 1)
        .repeat(8, 0)
        .repeat(8, 1)[: len(grey), : len(grey), None]
    )
    hot = np.array([255.0, 110.0, 30.0]) * hill
    return fakes.jpeg((grey * (1.0 - hill) + hot).clip(0, 255).astype(np.uint8))


def picture(asked: PartPicture) -> Picture:
    return Picture(drawn(asked.record, passed=False, heat=asked.overlay), 240, 240)


def nearest(asked: NearestNormal) -> Nearest:
    return Nearest(
        drawn(asked.part, passed=False), drawn(asked.part, passed=True), among=120, apart=3.0
    )


def detail(asked: AskPart) -> PartDetail:
    checks = (
        PartCheck("engine", 1, False, 4.1, 2.4, 0.004),
        PartCheck("engine", 0, True, 1.9, 2.4, 0.12),
        PartCheck("rx", 0, True, 0.4, 3.1, 0.71),
        PartCheck("mt", 0, True, 0.9, 2.0, None),
    )
    said = (Said("oki", "defect", NOON, "scratch", (Mark(((0.5, 0.2), (0.8, 0.5)), 0),)),)
    return PartDetail(asked.record, FIRST_RECORD - asked.record, checks, said, 2)


def reviews(_asked: AskReviews) -> Reviews:
    return Reviews(
        "solar-mono", 61, 18, 7, 2, 1, (0.0021, 0.0008, 0.0043),
        ("scratch", "chipped edge", "スクラッチ"), CAUSES, ("L-2231", "L-2230"), ("solar-mono",),
    )  # fmt: skip


def table() -> WhatIfTable:
    """Rarest rate first: rejects rise from 20 to 320 of 12 480, 61 as recorded."""
    rejects = (20, 30, 48, 61, 120, 320)
    stops = tuple(
        RateStop(
            rate,
            rate < 0.005,
            (3.0 - place / 5,),
            rejects[place],
            max(0, rejects[place] - 61),
            max(0, 61 - rejects[place]),
            2 if place < NOW else 0,
            5 if place < NOW else 0,
            max(0, 61 - rejects[place] - 7),
        )
        for place, rate in enumerate(RATES)
    )
    flips = tuple(
        Flipping(2000 - n, 900 - n, NOON - n * 60_000_000, n % 2 == 0, 4 if n % 2 == 0 else 3, 1)
        for n in range(24)
    )
    return WhatIfTable(
        "solar-mono", ("engine",), stops, NOW, 240, 12_480, 61, 310, NOON - 10**10, NOON, flips
    )


ANSWERS: dict[type, Answer] = {
    ListParts: parts,
    PartPicture: picture,
    NearestNormal: nearest,
    AskPart: detail,
    AskReviews: reviews,
    WhatIf: lambda _asked: JobStarted(JOB),
    AskResult: lambda _asked: table(),
    Judge: lambda _asked: None,
}
