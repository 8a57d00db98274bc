"""From good images to a bundle and its calibration, in one go or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from calibration.threshold import Calibration
from engines.methods import teach_engine
from engines.taught import Folders
from inspector.core.engine_spec import TaughtSpec
from inspector.core.errors import BundleError
from inspector.core.line_config import RuntimeConfig
from inspector.core.recipe import Recipe
from inspector.preparation import NO_OPTICS, Optics
from inspector.teaching.calibrated import Draft, Site, calibrated_bundle
from inspector.teaching.dataset import DatasetStore, Label, Split, manifest_hash
from inspector.teaching.manifest import PACKAGES, manifest_of
from inspector.teaching.pose import taught_preparer
from inspector.teaching.prepared import PreparedImages
from inspector.teaching.solar import is_demo, kind_of, solar_pictures
from inspector.teaching.sources import defect_pictures, good_pictures
from inspector.teaching.split import Chosen, chosen_defects, split_good
from inspector.teaching.stages import Progress, Stages


@dataclass(frozen=True, slots=True)
class TeachResult:
    """What a teaching left behind, and how long each stage of it took, seconds."""

    bundle: Path
    bundle_hash: str
    calibration_file: Path
    calibration: Calibration
    dataset_hash: str
    teach_images: int
    calibrate_images: int
    seconds: dict[str, float]


def teach(
    source: str,
    recipe: Recipe,
    data_folder: Path,
    *,
    good: int | None = None,
    out: Path | None = None,
    runtime: RuntimeConfig = RuntimeConfig(),  # noqa: B008  # frozen
    optics: Optics = NO_OPTICS,
    progress: Progress = lambda stage, share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> TeachResult:
    """Teach a product from a folder, MVTec AD's layout or ``demo:solar-mono|poly``.

    ``good`` limits the good images used (of a demo set: the teaching ones). The bundle goes to
    ``out``, or into the data folder, where it becomes the current one. ``progress`` is told stage
    and share, on the calling thread. When ``cancelled`` says so, ``Cancelled`` is raised and
    nothing remains. Raises ``DatasetError``, ``ImageError``, ``ConfigError``, ``EngineError`` or
    ``StorageError``.
    """
    stages = Stages(progress, cancelled)
    stages("images", 0.0)
    if out is not None and out.exists():
        raise BundleError(f"{out}: is there already", remedy="Give a new folder to --out")
    store = DatasetStore(data_folder / "datasets" / recipe.product)
    chosen = chosen_images(source, store, recipe.engine.seed, good)
    for_teaching = paths_of(chosen, Split.TEACH)
    for_calibration = paths_of(chosen, Split.CALIBRATE)
    site = Site(data_folder, runtime, out, optics)
    preparer = taught_preparer(recipe, for_teaching, optics)
    images = PreparedImages(preparer, for_teaching)
    folders = Folders(data_folder / "weights", data_folder / "cache")
    supervised = isinstance(recipe.engine, TaughtSpec) and recipe.engine.supervised
    shown = shown_defects(source, store) if supervised else []
    taught = teach_engine(
        images,
        preparer.form,
        recipe.engine,
        stages,
        folders,
        defects={
            kind: PreparedImages(preparer, [item.path for item in some])
            for kind, some in by_kind(shown).items()
        },
    )
    chosen += shown
    entries = [item.entry for item in chosen]
    packages = (*PACKAGES, "torch") if recipe.engine.learns else PACKAGES
    manifest = manifest_of(recipe, preparer.hash, taught, entries, packages)
    draft = Draft(manifest, taught.graph, taught.files, for_teaching, for_calibration, preparer)
    with calibrated_bundle(draft, recipe, site, stages) as made:
        stages("store", 0.0)
        store.add((item.entry, item.path) for item in chosen)
    return TeachResult(
        bundle=made.path,
        bundle_hash=made.bundle.hash,
        calibration_file=made.calibration_file,
        calibration=made.calibration,
        dataset_hash=manifest_hash(entries),
        teach_images=len(for_teaching),
        calibrate_images=len(for_calibration),
        seconds=stages.finish(),
    )


def chosen_images(
    source: str, store: DatasetStore, seed: int, good: int | None = None
) -> list[Chosen]:
    """The good images of a source with their splits, in drawn order; see `teach`."""
    if not is_demo(source):
        return split_good(good_pictures(Path(source)), store.entries(), seed, good)
    pictures = [picture for picture in solar_pictures(kind_of(source)) if picture.split]
    chosen = split_good([p for p in pictures if p.split is not Split.TEST], {}, seed)
    by_split = {
        split: [item for item in chosen if item.entry.split is split]
        for split in (Split.TEACH, Split.CALIBRATE)
    }
    return by_split[Split.TEACH][:good] + by_split[Split.CALIBRATE]


def shown_defects(source: str, store: DatasetStore) -> list[Chosen]:
    """Defects for an engine that is shown some: those of the source, and those that are stored.

    Raises ``DatasetError`` for a defect that is known to be good.
    """
    known = store.entries()
    pictures = [] if is_demo(source) else defect_pictures(Path(source))
    fresh = chosen_defects(pictures, known)
    new = {item.entry.sha256 for item in fresh}
    stored = [
        Chosen(entry, store.path_of(entry))
        for entry in known.values()
        if (entry.label, entry.split) == (Label.DEFECTIVE, Split.TEACH) and entry.sha256 not in new
    ]
    return sorted(fresh + stored, key=lambda item: item.entry.sha256)


def by_kind(shown: Sequence[Chosen]) -> dict[str, list[Chosen]]:
    """Defects by the kind that they are of, sorted; those of no kind are ``defect``."""
    found: dict[str, list[Chosen]] = {}
    for item in sorted(shown, key=lambda item: item.entry.category):
        found.setdefault(item.entry.category or "defect", []).append(item)
    return found


def paths_of(chosen: Sequence[Chosen], split: Split) -> list[Path]:
    """The files of one split."""
    return [item.path for item in chosen if item.entry.split is split]
