"""Half of a test set's defects are shown to an engine that wants some; the other half tests it."""

from __future__ import annotations

import random
from pathlib import Path

from inspector.teaching.dataset import Label, Split
from inspector.teaching.evaluate import labelled
from inspector.teaching.solar import is_demo, kind_of, solar_pictures
from inspector.teaching.sources import Picture, good_pictures


def laid_out(source: str, folder: Path, seed: int) -> int:
    """Lay a source out in ``folder`` as links in MVTec AD's layout; the number of defects shown.

    Half of the defects of each kind, drawn by seed, become ``train/<kind>``; the others and all
    good test images stay ``test``. Grades between good and defective are left out. Raises
    ``DatasetError``.
    """
    for picture in _good(source):
        _link(picture.path, folder / "train" / "good")
    shown = 0
    test = labelled(source)
    for kind in sorted({picture.category for picture in test if picture.truth is Label.DEFECTIVE}):
        own = [picture for picture in test if picture.category == kind]
        random.Random(f"{seed}:{kind}").shuffle(own)
        half = len(own) // 2
        shown += half
        for picture in own[:half]:
            _link(picture.path, folder / "train" / kind)
        for picture in own[half:]:
            _link(picture.path, folder / "test" / kind)
            if picture.mask is not None:
                _link(picture.mask, folder / "ground_truth" / kind)
    for picture in test:
        if picture.truth is Label.GOOD:
            _link(picture.path, folder / "test" / "good")
    return shown


def _good(source: str) -> list[Picture]:
    if not is_demo(source):
        return good_pictures(Path(source))
    known = (Split.TEACH, Split.CALIBRATE)
    return [one for one in solar_pictures(kind_of(source)) if one.split in known]


def _link(path: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / path.name).symlink_to(path.resolve())
