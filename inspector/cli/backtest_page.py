"""The page of a backtest on the archive: figures, the estimate, and the parts that change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from inspector.release.archive_backtest import ArchiveBacktest
from inspector.teaching.report.page import framed, gallery, percent, table
from inspector.teaching.report.pictures import Exhibit

_REJECTED = "Parts that passed and that the candidate rejects, strangest first."
_PASSES = (
    "Passes count as good unless a person said otherwise: a defect that had escaped counts as a "
    "false reject here."
)
_RESCUED = "Rejects that the candidate lets pass, nearest to its threshold first."


def page_of(
    made: ArchiveBacktest, exhibits: Sequence[Exhibit], at: datetime, *, left_out: int
) -> bytes:
    """The whole file, UTF-8. ``left_out``: flips that are not shown."""
    title = f"Backtest of {made.product}"
    figures = {
        "parts judged again": f"{made.judged:,}",
        "of the archive's": f"{made.parts:,}",
        "passes now rejected": f"{made.passes_rejected}",
        "rejects now passing": f"{made.rejects_passed}",
    }
    tiles = "".join(
        f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in figures.items()
    )
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in notes_of(made))
    more = f'<p class="quiet">{left_out} more are in the result.</p>' if left_out else ""
    shown = [[one for one in exhibits if one.rejected is rejected] for rejected in (True, False)]
    head = (
        f'<h1>{escape(title)}</h1><p class="quiet">{at:%Y-%m-%d %H:%M} UTC</p>'
        f'<dl class="figures">{tiles}</dl><p>{escape(estimate_in_words(made))}</p>{notes}'
    )
    sections = (
        head,
        gallery("Now rejected", _REJECTED, shown[0]),
        gallery("Now passing", _RESCUED, shown[1]),
        more,
        _identity(made),
    )
    return framed(title, sections)


def estimate_in_words(made: ArchiveBacktest) -> str:
    """The false rejects to expect, and what is known of them."""
    found = made.false_rejects
    if found is None:
        return "Nothing can be said of false rejects: no record tells how its part was drawn."
    return (
        f"The candidate rejects {percent(found.share)} of the good parts "
        f"(95 %: {percent(found.low)} to {percent(found.high)}; standard error "
        f"{percent(found.standard_error)}): {found.counted} of {found.seen} that were kept, each "
        f"weighted by how many of the {found.population} it stands for."
    )


def notes_of(made: ArchiveBacktest) -> list[str]:
    """What limits the estimate."""
    notes = [_PASSES]
    chanceless = made.false_rejects.chanceless if made.false_rejects else 0
    if chanceless:
        notes.append(f"{chanceless} good parts had no chance to be kept: nothing is said of them.")
    if made.unknown:
        notes.append(f"Of {made.unknown} parts no record tells how they were drawn: left out.")
    if made.gone:
        notes.append(f"The pictures of {made.gone} parts went while it ran.")
    if made.defects_passed:
        notes.append(f"{made.defects_passed} parts that a person called defective now pass.")
    return notes


def _identity(made: ArchiveBacktest) -> str:
    rows = [*made.deciding.model_dump().items(), ("result", made.hash)]
    return f"<h2>Candidate</h2>{table(('What', 'hash or words'), rows, numbers=set())}"
