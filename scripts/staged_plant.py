"""A plant in the middle of a shift, as the panel's pictures show it: drawn parts, made-up people.

Everything stands at one moment, ``NOW_US``, so that clocks on one picture agree; the line has made
150 parts a minute since long before.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from inspector.core.frame import Pixels
from inspector.core.state import Alarm, StationState, StationStatus
from inspector.link.messages import ListUsers, RejectNotice, Session, UserEntry, UserList
from inspector.link.questions.audit import ActionEntry, Actions
from inspector.link.questions.gauge import GaugeFound, StudiedPart
from inspector.link.questions.parts import ListParts, Parts
from inspector.link.questions.products import ListTiles, Tile, Tiles
from inspector.link.questions.reviewing import AskPart, PartDetail
from inspector.link.questions.teaching import ShowDraft, Shown, Strange, TaughtProduct
from inspector.link.questions.trends import AskTrends, Duration, Group, Scores, Trends
from inspector.reports.pchart import p_chart
from inspector.sim.defects import Canvas, Flaw, Kind
from inspector.sim.scene import Defect, WasherScene
from tests.panel import fakes, people, review_parts
from tests.panel.stage import Answer, Stage

PART = 12_480
"""The newest part of this run."""
NOW_US = fakes.NOON_UTC_US + PART * 400_000
NOW = datetime.fromtimestamp(NOW_US / 1e6, UTC)
MINUTE_US = 60_000_000
LOT = "L-2231"


def told(
    state: StationState = StationState.CONTINUOUS_EXECUTION, alarms: tuple[Alarm, ...] = ()
) -> StationStatus:
    """In production, 83 minutes after the changeover."""
    new = tuple(replace(one, raised_utc_us=NOW_US - 40_000_000) for one in alarms)
    status = fakes.status(state, alarms=new, production=True, uptime_s=PART * 0.4)
    return replace(status, lot=LOT)


def run(stage: Stage, *, passed: bool = True, alarms: tuple[Alarm, ...] = ()) -> None:
    """The line runs, and shows its newest part."""
    status = told(alarms=alarms)
    stage.model.deliver(status, stage.now_s, None, rejects(begin=int(passed)))
    stage.now_s += 5
    stage.model.deliver(status, stage.now_s, fakes.picture(PART, passed=passed), [])


def stand(stage: Stage, state: StationState) -> None:
    """No part comes."""
    stage.now_s += 5
    stage.model.deliver(told(state), stage.now_s, None, [])
    stage.settle()


def come(stage: Stage, name: str, role: str) -> None:
    """Somebody logs in."""
    session = Session("token", name, role)
    stage.model.session.greet(session)
    stage.desk.take_session(session)


# -- parts -----------------------------------------------------------------------------------------


def part_of(reject: int) -> int:
    """Number of a reject, 0 for the newest one."""
    return PART - 204 * reject + 61 * (reject % 3)


def rejects(count: int = 12, begin: int = 1) -> list[RejectNotice]:
    """The last ones, oldest first, each with a defect of its own."""
    return [
        msgspec.structs.replace(fakes.reject(part_of(n)), thumbnail_jpeg=_flawed(n))
        for n in range(begin + count - 1, begin - 1, -1)
    ]


@cache
def _flawed(number: int) -> bytes:
    if not number:
        return fakes.jpeg(fakes.picture(PART, passed=False).pixels[::4, ::4])
    kind = list(Kind)[number % 4]
    size = {Kind.SPOT: 26.0, Kind.STAIN: 60.0, Kind.SCRATCH: 170.0}.get(kind, 50.0)
    flaw = Flaw(kind, size, 0.55, dark=True, width_px=6.0)
    levels = Canvas(fakes.cell(number)).paint(flaw, number).levels
    return fakes.jpeg(np.asarray(cv2.resize(levels, (120, 120)), np.uint8)[..., None])


def _parts(asked: ListParts) -> Parts:
    page = review_parts.parts(asked)
    entries = tuple(
        msgspec.structs.replace(one, part=part_of(n), utc_us=NOW_US - (PART - part_of(n)) * 400_000)
        for one in page.entries
        if (n := _place(one.record))
    )
    return msgspec.structs.replace(page, entries=entries)


def _part(asked: AskPart) -> PartDetail:
    found = review_parts.detail(asked)
    return msgspec.structs.replace(found, part=part_of(_place(asked.record)))


def _place(record: int) -> int:
    """Which reject it is: the newest part passed."""
    return review_parts.FIRST_RECORD - record + 1


REVIEWED: dict[type, Answer] = {**review_parts.ANSWERS, ListParts: _parts, AskPart: _part}
"""Answers about parts to be judged again."""


# -- products --------------------------------------------------------------------------------------

SIDE = 240


def _washer(number: int) -> Pixels:
    return WasherScene(SIDE, SIDE).render_with(number, Defect.NONE).pixels


def _poly() -> Pixels:
    """Grains of silicon under fingers and busbars."""
    random = np.random.default_rng(7)
    y, x = np.mgrid[:SIDE, :SIDE]
    seeds = random.uniform(0, SIDE, (90, 2))
    grain = np.argmin([(x - a) ** 2 + (y - b) ** 2 for a, b in seeds], axis=0)
    shade = random.uniform(70, 150, len(seeds))[grain] + 8 * np.sin(x * 1.4)
    shade[np.isin(y % 80, (38, 39, 40, 41))] = 205
    return _photograph(shade[..., None] * (0.45, 0.62, 1.0))


def _bottle() -> Pixels:
    """A round bottom in brown glass."""
    y, x = np.mgrid[:SIDE, :SIDE] / SIDE - 0.5
    radius = np.hypot(x, y)
    shade = 165 + 45 * np.cos(38 * radius) + 25 * np.cos(2 * np.arctan2(y, x))
    shade = np.where(radius < 0.15, 95 + 400 * radius, shade)
    shade = np.where(radius > 0.44, 235.0, shade)[..., None]
    return _photograph(np.where(radius[..., None] > 0.44, shade, shade * (1.0, 0.66, 0.34)))


def _magnet() -> Pixels:
    """A ground tile of ferrite on a light table."""
    random = np.random.default_rng(3)
    image = np.full((SIDE, SIDE), 215.0)
    brushed = 92 + cv2.GaussianBlur(random.normal(0, 16, (SIDE, SIDE)), (0, 0), 9, sigmaY=0.6)
    brushed += 20 * np.cos(np.linspace(-2, 2, SIDE))[:, None]
    image[50:-50, 16:-16] = brushed[50:-50, 16:-16]
    return _photograph(image[..., None])


def _gear() -> Pixels:
    y, x = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    radius, turn = np.hypot(x, y), np.arctan2(y, x)
    steel = 160 + 22 * np.cos(2 * turn - 1) + 8 * np.cos(radius * 1.1)
    tooth = 92 + 11 * np.tanh(4 * np.sin(18 * turn))
    holes = np.min([np.hypot(x - 52 * np.cos(a), y - 52 * np.sin(a)) for a in range(6)], axis=0)
    there = (radius < tooth) & (radius > 24) & (holes > 13)
    return _photograph(np.where(there, steel, 34.0)[..., None])


def _board() -> Pixels:
    """A bare circuit board: tracks and pads."""
    random = np.random.default_rng(11)
    image = np.full((SIDE, SIDE, 3), (26.0, 92.0, 58.0))
    for number in range(14):
        x, y = (int(one) * 16 + 8 for one in random.integers(1, 14, 2))
        corner = (x, y), (int(np.clip(x + 80, 8, 232)), y), (int(np.clip(x + 112, 8, 232)), y + 32)
        cv2.polylines(image, [np.array(corner)], False, (48.0, 132.0, 84.0), 4, cv2.LINE_AA)
        cv2.circle(image, corner[0], 7, (214.0, 178.0, 92.0), -1, cv2.LINE_AA)
        cv2.circle(image, corner[0], 3, (30.0, 30.0, 30.0), -1, cv2.LINE_AA)
        pad = corner[2][0] - 6, corner[2][1] - 4 - number % 3
        cv2.rectangle(image, pad, (pad[0] + 13, pad[1] + 9), (214.0, 178.0, 92.0), -1)
    return _photograph(image)


def _photograph(shade: NDArray[np.float64]) -> Pixels:
    """With a camera's noise and optics."""
    seen = cv2.GaussianBlur(np.asarray(shade, np.float64), (0, 0), 0.8)
    seen = seen.reshape(SIDE, SIDE, -1) + np.random.default_rng(1).normal(0, 3, (SIDE, SIDE, 1))
    pixels: Pixels = np.clip(seen, 0, 255).astype(np.uint8)
    return pixels


def tiles(_asked: ListTiles | None = None) -> Tiles:
    """Eight products; one is not released, one not taught yet."""
    drawn: tuple[tuple[str, str, str, Pixels | None], ...] = (
        (
            "solar-mono",
            "Solar cell, monocrystalline",
            "太陽電池セル（単結晶）",
            fakes.cell(1, SIDE),
        ),
        ("bottle", "Bottle, bottom", "ボトル底面", _bottle()),
        ("board", "Circuit board B-12", "プリント基板 B-12", _board()),
        ("gear", "Gear, 18 teeth", "歯車（18歯）", _gear()),
        ("magnet", "Magnetic tile", "磁性タイル", _magnet()),
        ("solar-poly", "Solar cell, polycrystalline", "太陽電池セル（多結晶）", _poly()),
        ("washer", "Washer M8", "平ワッシャー M8", _washer(1)),
        ("bracket", "Bracket, left", "左ブラケット", None),
    )
    return Tiles(
        tuple(
            Tile(
                name,
                {"en": en, "ja": ja},
                taught=pixels is not None,
                released=name != "solar-poly",
                picture=fakes.jpeg(pixels) if pixels is not None else b"",
            )
            for name, en, ja, pixels in drawn
        )
    )


# -- trends ----------------------------------------------------------------------------------------


def trends(_asked: AskTrends) -> Trends:
    """Eight hours in 24 steps, as a quiet process scatters; a dirty lens at noon is outside."""
    random = np.random.default_rng(4)
    step = 20 * MINUTE_US
    since = (NOW_US - 24 * step) // step * step
    begins = [since + place * step for place in range(25)]
    parts = [3000] * 24 + [round((NOW_US - begins[-1]) / 400_000)]
    bad = [int(random.poisson(0.0049 * count)) for count in parts]
    bad[13] = 38
    chart = p_chart(parts, bad)
    points = zip(begins, parts, bad, chart.lower, chart.upper, chart.outside, strict=True)
    whole = sum(bad)
    shares = (0.52, 0.17, 0.12, 0.07, 0.05, 0.03)
    names = ("engine", "presence: no part", "rx", "presence: misplaced", "frame-lost", "late")
    counts = [round(share * whole) for share in shares]
    edges = np.linspace(0, 1.6, 33)
    middle = (edges[:-1] + edges[1:]) / 2
    usual = np.exp(-(((middle - 0.58) / 0.13) ** 2)) + 0.02 * np.exp(-3 * (middle - 1) ** 2)
    taught = np.exp(-(((middle - 0.56) / 0.12) ** 2)) * (middle < 1)
    return Trends(
        since,
        NOW_US,
        chart.centre,
        chart.limits.value,
        tuple(Group(b, n, x, float(low), float(up), bool(o)) for b, n, x, low, up, o in points),
        (*zip(names, counts, strict=True), ("mt", whole - sum(counts))),
        Scores(
            tuple(edges.tolist()), tuple((usual / usual.sum()).tolist()),
            tuple((taught / taught.sum()).tolist()), 2000, 240,
        ),
        tuple(
            Duration(begin, 11.8 + random.normal(0, 0.2), 19.4 + random.normal(0, 0.9), 76.0)
            for begin in begins
        ),
        (whole, 2000),
    )  # fmt: skip


def study() -> GaugeFound:
    """A gauge study of ten parts, three times each; the seventh lies at the threshold."""
    means = 22.4, 25.1, 28.9, 20.3, 23.2, 26.0, 60.2, 21.7, 24.4, 27.3
    parts = tuple(
        StudiedPart(f"{number:02d}", 3, int(mean > 60), mean, 0.62 + 0.05 * (number % 5))
        for number, mean in enumerate(means, 1)
    )
    return GaugeFound("solar-mono", NOW_US, "sato", 61.2, 0.73, 0.56, 1.05, 0.06, 0.02, 1, 9, parts)


# -- people ----------------------------------------------------------------------------------------

_WHY = {
    "finer": ("finds thin scratches", "細い傷も検出するため"),
    "tried": ("tried on 240 parts", "240個で確認済み"),
    "lamp": ("new lamp", "照明を交換したため"),
    "line": ("line trial", "ライン試運転"),
}


def actions(language: str) -> Actions:
    """What six people did since yesterday."""
    place = int(language == "ja")
    why = {key: words[place] for key, words in _WHY.items()}
    cell = ("product", "solar-mono")
    signed = people.SIGNED, people.SECOND
    light = ("camera", "24011234"), ("old", "ExposureTime 1500"), ("new", "ExposureTime 1300")
    rows: tuple[tuple[int, str, str, str, tuple[tuple[str, str], ...]], ...] = (
        (9, "oki", "operator", "Judge", (("part", f"{part_of(2)}"), ("finding", "good"))),
        (
            41, "kato", "administrator", "SetRole",
            (("name", "mori"), ("old", "operator"), ("new", "technician")),
        ),
        (83, "oki", "operator", "SelectProduct", (cell,)),
        (91, "quy", "quality", "Release", (cell, ("reason", why["tried"]))),
        (
            97, "sato", "engineer", "ChangeThreshold",
            (cell, ("before", "2.61"), ("threshold", "2.4"), ("reason", why["finer"])),
        ),
        (118, "sato", "engineer", "ChangeLight", (cell, *light, ("reason", why["lamp"]))),
        (
            131, "sato", "engineer", "KeepCorrection",
            (("camera", "24011234"), ("old", "90be117ad2f4"), ("new", "4f19aa20c331")),
        ),
        (214, "suzuki.k", "technician", "Bypass", (("reason", why["line"]), ("on", "yes"))),
        (224, "suzuki.k", "technician", "Acknowledge", (("alarm", "drift"),)),
        (231, "oki", "operator", "CallEngineer", ()),
        (301, "sato", "engineer", "AddMaster", (cell, ("name", "scratch-3"))),
        (377, "quy", "quality", "HoldEvidence", (("lot", "L-2230"),)),
        (481, "oki", "operator", "Start", ()),
    )  # fmt: skip
    return Actions(
        tuple(
            ActionEntry(
                48_117 - 3 * minutes, NOW_US - minutes * MINUTE_US - minutes * 911 % 60 * 1_000_000,
                user, role, "panel", action, "", about,
                signed if action in ("Release", "ChangeThreshold") else (),
            )
            for minutes, user, role, action, about in rows
        )
    )  # fmt: skip


def users(_asked: ListUsers) -> UserList:
    """Nine, of all roles."""
    listed = (
        ("audit-2026", "auditor", "", 61_000),
        ("kato", "administrator", "加藤 真", 2),
        ("mori", "technician", "森 花子", 38),
        ("oki", "operator", "Oki Tanaka", 85),
        ("quy", "quality", "Quynh Nguyen", 93),
        ("sato", "engineer", "佐藤 太郎", 121),
        ("suzuki.k", "technician", "鈴木 健", 404),
        ("tanaka.y", "operator", "田中 裕", 566),
        ("weber", "engineer", "Anna Weber", 4_400),
    )
    return UserList(
        tuple(
            UserEntry(
                name, role, full, False, True, role == "operator",
                last_login_us=NOW_US - ago * MINUTE_US,
            )
            for name, role, full, ago in listed
        )
    )  # fmt: skip


# -- teaching --------------------------------------------------------------------------------------


def shown(asked: ShowDraft) -> Shown:
    """Washers to be taught."""
    return Shown(tuple(fakes.jpeg(_washer(int(name[:5]))) for name in asked.names))


@cache
def taught() -> TaughtProduct:
    """What 320 pictures of washers came to."""
    scores = np.sort(np.random.default_rng(3).normal(0.66, 0.1, 160).clip(0, 0.96))[::-1]
    strange = tuple(
        Strange(f"{n}", float(scores[n]), fakes.jpeg(_washer(40 + n))) for n in range(12)
    )
    shares = 0.01, 0.0093, 0.0186
    return TaughtProduct("washer", 320, tuple(scores.tolist()), *shares, 139, False, strange, 31.0)
