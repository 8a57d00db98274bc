"""``inspector teach --add-good`` and ``--missed``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.cli.options import teaching_progress
from inspector.cli.promise import promise_rows
from inspector.core.errors import InputError
from inspector.core.recipe import Recipe

if TYPE_CHECKING:
    from inspector.teaching.calibrated import Site
    from inspector.teaching.change import Change, TaughtAgain

_SHOWN = 20
"""Given images that are printed; all of them stand in the file beside the bundle."""


@dataclass(frozen=True, slots=True)
class More:
    """What the current bundle is to be taught, as it was asked for."""

    dataset: str
    add_good: bool
    production: Path | None
    missed: bool
    mark: str | None

    def is_asked(self, others: Mapping[str, object]) -> bool:
        """False for teaching anew. Raises ``InputError`` for options that do not go together.

        ``others`` are the options of teaching anew, None where they are not given.
        """
        if self.production is not None and not self.add_good:
            raise InputError("--production: only for --add-good", remedy="Leave it out")
        if self.mark is not None and not self.missed:
            raise InputError("--mark: only for --missed", remedy="Leave it out")
        if not self.add_good and not self.missed:
            return False
        if self.add_good and self.missed:
            raise InputError(
                "--add-good, --missed: not both at once", remedy="Teach one after the other"
            )
        if self.missed and self.mark is None:
            raise InputError(
                f"--missed {self.dataset}: where is the defect?",
                remedy="Give --mark x,y,w,h in pixels of the image, or --mark MASK.png",
            )
        given = [name for name, value in others.items() if value is not None]
        if given:
            raise InputError(
                f"--{given[0]}: the engine stays what it was taught as",
                remedy=f"Leave it out, or teach anew without --{self.name}",
            )
        return True

    @property
    def name(self) -> str:
        """The option that asks for it."""
        return "add-good" if self.add_good else "missed"


def teach_more(more: More, recipe: Recipe, site: Site) -> None:
    """Teach the current bundle of a product more, and print what changed."""
    from inspector.teaching.again import teach_good, teach_missed  # noqa: PLC0415  # slow to load

    source = Path(more.dataset)
    with teaching_progress() as show:
        if more.mark is not None:
            done = teach_missed(source, more.mark, recipe, site, progress=show)
        else:
            done = teach_good(source, recipe, site, production=more.production, progress=show)
    show_change(done)
    if more.add_good and more.production is None:
        print(
            f"note         the threshold still rests on {done.calibration.images} images held out "
            "before; --production FOLDER adds good parts drawn at random"
        )


def show_change(done: TaughtAgain) -> None:
    """Print the figures of a change."""
    change = done.change
    print(f"bundle       {done.bundle} (made from {change.parent[:12]})")
    for image in change.images[:_SHOWN]:
        print(
            f"image        {image.name}: {image.before:.4f} {_verdict(change, image.before)} -> "
            f"{image.after:.4f} {_verdict(change, image.after, after=True)}"
        )
    if len(change.images) > _SHOWN:
        print(f"image        and {len(change.images) - _SHOWN} more: {done.bundle}.change.json")
    print(
        f"learnt       {_sum(change.good)} patches of good parts, {_sum(change.missed)} of defects"
    )
    if any(change.left):
        print(f"cut          {_sum(change.left)} more found no room: teach anew with all images")
    print(
        f"calibration  {change.rejected_before} -> {change.rejected_after} of "
        f"{change.calibration_images} good images over the threshold"
    )
    print(f"threshold    {change.threshold_before:.4f} -> {change.threshold_after:.4f}")
    print("\n".join(promise_rows(done.calibration)))
    print(f"time         {sum(done.seconds.values()):.1f} s")


def _verdict(change: Change, score: float, *, after: bool = False) -> str:
    threshold = change.threshold_after if after else change.threshold_before
    return "rejected" if score > threshold else "passed"


def _sum(counts: tuple[int, ...]) -> str:
    """The counts of the scales."""
    return " + ".join(str(count) for count in counts)
