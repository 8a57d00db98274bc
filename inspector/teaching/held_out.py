"""Good images that an engine was not taught with, to calibrate; and labelled ones, to measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inspector.core.errors import DatasetError
from inspector.teaching.dataset import DatasetStore, Entry, Label, Split, digest_of
from inspector.teaching.solar import is_demo, kind_of, solar_pictures
from inspector.teaching.sources import Picture, good_pictures, test_pictures
from inspector.teaching.split import Chosen, chosen_as

STORED = "stored"
"""The source that names the product's own calibration images."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Images with their uses. ``taught`` and ``copies`` count what was left out."""

    calibrate: tuple[Chosen, ...]
    test: tuple[Picture, ...]
    taught: int
    copies: int
    teaching_known: bool
    """Whether this PC knows which images the product was taught with."""

    @property
    def paths(self) -> list[Path]:
        """The files that calibrate."""
        return [item.path for item in self.calibrate]


def held_out(
    source: str, store: DatasetStore, *, keep: bool = False, untaught: bool = False
) -> HeldOut:
    """The images of a folder, MVTec AD's layout, ``demo:solar-mono|poly`` or ``stored``.

    ``train/good``, or the folder itself, calibrates; ``test`` measures, and calibrates only where
    there is nothing else. Images that the product was taught with are left out, copies count once.
    With ``keep`` the stored calibration images come first. Of an ``untaught`` product, whose
    engine learns nothing, all images are held out. Raises ``DatasetError`` where it is not
    known what was taught, and for one image that is called good and defective.
    """
    known = store.entries()
    stored = _stored(store, known)
    if source == STORED:
        return HeldOut(tuple(stored), (), 0, 0, teaching_known=True)
    good, test = _pictures(source)
    in_store = any(entry.split is Split.TEACH for entry in known.values())
    teaching_known = untaught or in_store or is_demo(source)
    if not teaching_known and (Path(source) / "train" / "good").is_dir():
        raise DatasetError(
            f"{source}: {store.folder} does not say which of these images were taught",
            remedy="Give a folder of good images that were not, such as its test/good",
        )
    digests = {digest_of(picture.path): picture for picture in good}
    _refuse_defects(digests, known)
    fresh = {
        digest: picture
        for digest, picture in digests.items()
        if digest not in known or known[digest].split is not Split.TEACH
    }
    calibrate = {
        digest: chosen_as(Split.CALIBRATE, picture, digest) for digest, picture in fresh.items()
    }
    if keep:
        calibrate = {item.entry.sha256: item for item in stored} | calibrate
    shown = _unseen(test, calibrate, known)
    return HeldOut(
        calibrate=tuple(calibrate.values()),
        test=tuple(shown),
        taught=len(digests) - len(fresh),
        copies=len(good) - len(digests),
        teaching_known=teaching_known,
    )


def _pictures(source: str) -> tuple[list[Picture], list[Picture]]:
    """Those to calibrate with, and those to measure with."""
    if is_demo(source):
        pictures = solar_pictures(kind_of(source))
        calibrate = [picture for picture in pictures if picture.split is Split.CALIBRATE]
        return calibrate, [picture for picture in pictures if picture.split is Split.TEST]
    folder = Path(source)
    if not (folder / "test").is_dir():
        return good_pictures(folder), []
    test = test_pictures(folder)
    if (folder / "train" / "good").is_dir():
        return good_pictures(folder), test
    good = [picture for picture in test if picture.truth is Label.GOOD]
    if not good:
        raise DatasetError(f"{source}: no good images", remedy="Put them into train/good")
    return good, [picture for picture in test if picture.truth is not Label.GOOD]


def _stored(store: DatasetStore, known: Mapping[str, Entry]) -> list[Chosen]:
    return [
        Chosen(entry, store.path_of(entry))
        for entry in known.values()
        if entry.label is Label.GOOD and entry.split is Split.CALIBRATE
    ]


def _refuse_defects(digests: Mapping[str, Picture], known: Mapping[str, Entry]) -> None:
    for digest, picture in digests.items():
        if digest in known and known[digest].label is Label.DEFECTIVE:
            raise DatasetError(
                f"{picture.path}: was taught as a defect", remedy="Take it out of the good images"
            )


def _unseen(
    test: Sequence[Picture], calibrate: Mapping[str, Chosen], known: Mapping[str, Entry]
) -> list[Picture]:
    """Good and defective images, each once, that neither taught nor calibrate."""
    found: dict[str, Picture] = {}
    for picture in test:
        if picture.truth is Label.GRADED:
            continue
        digest = digest_of(picture.path)
        twin = calibrate[digest].path if digest in calibrate else None
        if twin is None and digest in found and found[digest].truth is not picture.truth:
            twin = found[digest].path
        if twin is not None and (digest in found or picture.truth is Label.DEFECTIVE):
            raise DatasetError(
                f"{picture.path}: is the same image as {twin}: good or defective?",
                remedy="Take one of them out",
            )
        if twin is None and (digest not in known or known[digest].split is not Split.TEACH):
            found[digest] = picture
    return list(found.values())
