"""A live picture in the terminal: figures, a histogram of characters, advice in words."""

from __future__ import annotations

from dataclasses import dataclass

from rich.table import Table

from inspector.camera.assistant import Advice, Look
from inspector.camera.lending import Tally

_WORDS = {
    Advice.TOO_BRIGHT: "too bright: shorter exposure, less gain or light",
    Advice.TOO_DARK: "too dark: longer exposure or more light, then gain",
    Advice.FLAT: "nothing to focus on: cap, empty belt, or far out of focus",
    Advice.PAST_FOCUS: "it was sharper before: turn back",
}
_BARS = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Picture:
    """What is shown of a camera at one moment."""

    look: Look
    tally: Tally
    rate_hz: float
    exposure_us: float | None
    gain_db: float | None


def bars(histogram: tuple[float, ...]) -> str:
    """One character for each step of level; roots, so that small shares are seen."""
    top = max(histogram) or 1.0
    heights = ((share / top) ** 0.5 * (len(_BARS) - 1) for share in histogram)
    return "".join(_BARS[max(round(height), height > 0)] for height in heights)


def advice_in_words(look: Look) -> str:
    """What to do."""
    return "; ".join(_WORDS[advice] for advice in look.advice) or "none"


def look_line(look: Look, picture: Picture | None = None) -> str:
    """One picture in one line."""
    text = (
        f"sharpness {look.sharpness:.0%} of the best, edges {look.focus.edge_px:.1f} px, "
        f"mean {look.mean:.0%}, white {look.saturated:.2%}, dark {look.dark:.1%}; "
        f"advice: {advice_in_words(look)}"
    )
    if picture is None:
        return text
    tally = picture.tally
    return f"{picture.rate_hz:.1f} fps, {tally.frames} frames, {tally.lost} lost; {text}"


def look_table(picture: Picture) -> Table:
    """One picture as a table."""
    look, tally = picture.look, picture.tally
    table = Table(title="Inspector · camera", show_header=False, min_width=64)
    exposure = "unknown" if picture.exposure_us is None else f"{picture.exposure_us:g} µs"
    gain = "" if picture.gain_db is None else f"   gain {picture.gain_db:g}"
    for name, value in (
        ("rate", f"{picture.rate_hz:.1f} fps"),
        ("frames", f"{tally.frames}   {tally.failed} incomplete, {tally.missing} missing"),
        ("exposure", exposure + gain),
        ("sharpness", f"{look.sharpness:.0%} of the best   {'█' * round(20 * look.sharpness)}"),
        ("edges", f"{look.focus.edge_px:.1f} px wide"),
        ("levels", f"{bars(look.histogram)}   mean {look.mean:.0%}"),
        ("white", f"{look.saturated:.2%} of the pixels"),
        ("dark", f"{look.dark:.1%} of the pixels"),
        ("advice", advice_in_words(look)),
    ):
        table.add_row(name, value)
    return table
