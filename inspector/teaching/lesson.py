"""The bundle that teaching more starts from, and what it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from calibration.threshold import Calibration, load_calibration
from engines.bundle import MEMORY, Bundle, Provenance, open_bundle
from engines.memory.growth import Growth
from engines.memory.memory import Memory, pack_memories
from engines.memory.patches import Patches, memories_of
from engines.runtimes import load_engine, self_test
from engines.runtimes.trial import resolved
from inspector.core.errors import BundleError, DatasetError
from inspector.core.ports import Engine
from inspector.core.recipe import Recipe
from inspector.scoring.decision import Decision
from inspector.teaching.bundles import (
    calibration_path,
    compiled_folder,
    current_bundle,
)
from inspector.teaching.calibrated import Candidate, Draft, Site
from inspector.teaching.change import Before, Change, Judged, Kind
from inspector.teaching.dataset import DatasetStore, Label, Split, digest_of, manifest_hash
from inspector.teaching.manifest import versions_of
from inspector.teaching.prepared import PreparedImages, Preparer, preparer_of
from inspector.teaching.scores import final_scores
from inspector.teaching.sources import Picture
from inspector.teaching.split import Chosen, chosen_as
from inspector.teaching.stages import Stages


@dataclass(frozen=True, slots=True)
class Lesson:
    """The current bundle of a product, ready to be taught more."""

    recipe: Recipe
    site: Site
    parent: Bundle
    memories: list[Memory]
    patches: Patches
    preparer: Preparer
    store: DatasetStore

    @classmethod
    def of(cls, recipe: Recipe, site: Site) -> Lesson:
        """Open the current bundle. Raises ``BundleError`` where it cannot be taught more."""
        path = current_bundle(site.data_folder, recipe.product)
        if path is None:
            raise BundleError(
                f"product {recipe.product}: was not taught on this PC",
                remedy=f"Teach it: inspector teach FOLDER --product {recipe.product}",
            )
        parent = open_bundle(path)
        preparer = preparer_of(parent, recipe.preparation, site.optics)
        store = DatasetStore(site.data_folder / "datasets" / recipe.product)
        for split in (Split.TEACH, Split.CALIBRATE):
            if not store.good_images(split):
                raise DatasetError(
                    f"{store.folder}: no images to {split.value} with",
                    remedy="Teach the product on this PC",
                )
        return cls(
            recipe=recipe,
            site=site,
            parent=parent,
            memories=memories_of(parent),
            patches=Patches(parent, site.runtime.threads),
            preparer=preparer,
            store=store,
        )

    @property
    def reweight(self) -> bool:
        """Whether scores are weighed by neighbours."""
        return bool(self._parameters["reweight"])

    @property
    def coreset(self) -> int:
        """Vectors that the product was first taught with."""
        return int(self._parameters["coreset"])

    @property
    def gain(self) -> float:
        """What a patch just like a missed one adds to the map."""
        return float(self._parameters.get("gain", 0.0))

    @property
    def _parameters(self) -> dict[str, str | int | float]:
        return self.parent.manifest.provenance.parameters

    def images(self, paths: Sequence[Path]) -> PreparedImages:
        """Files as the engine will see them."""
        return PreparedImages(self.preparer, paths)

    def to_teach(self, pictures: Sequence[Picture]) -> list[Chosen]:
        """Images for the memory, each once. Raises ``DatasetError`` for one with another use."""
        known = self.store.entries()
        chosen = _once(pictures, Split.TEACH)
        for digest, item in chosen.items():
            there = known.get(digest, item.entry)
            if (there.label, there.split) != (item.entry.label, Split.TEACH):
                raise DatasetError(
                    f"{item.path}: is in the dataset already, as a {there.label} image to "
                    f"{there.split} with",
                    remedy="Leave it out; where its label was wrong, teach the product anew",
                )
        return list(chosen.values())

    def to_calibrate(self, pictures: Sequence[Picture], taught: Sequence[Chosen]) -> list[Chosen]:
        """Images for the threshold, each once: those that no use is known of."""
        known = {*self.store.entries(), *(item.entry.sha256 for item in taught)}
        chosen = _once(pictures, Split.CALIBRATE)
        return [item for digest, item in chosen.items() if digest not in known]

    def judge_before(
        self, given: Sequence[Chosen], sample: Sequence[Chosen], stages: Stages
    ) -> Before:
        """Ask the bundle as it is. Raises ``BundleError`` without a calibration of it."""
        compiled = compiled_folder(self.site.data_folder)
        runtime = resolved(self.site.runtime, self.parent, compiled)
        with closing(load_engine(self.parent, runtime, compiled)) as engine:
            self_test(engine, self.parent)
            file = calibration_path(self.parent.path, runtime.label)
            calibration = load_calibration(file, engine.info, self.recipe.basis)
            paths = [*_paths(given), *self._calibrators(sample)]
            scores = self._scores(engine, paths, calibration, stages, "before")
        rejected = sum(score > calibration.threshold for score in scores[len(given) :])
        own = calibration.of("engine").threshold
        return Before(calibration.threshold, own, tuple(scores[: len(given)]), rejected)

    def draft(
        self,
        kind: Kind,
        growths: Sequence[Growth],
        gain: float,
        given: Sequence[Chosen],
        sample: Sequence[Chosen],
    ) -> Draft:
        """The next bundle, not yet compiled."""
        memories = [growth.after for growth in growths]
        entries = self.store.entries() | {
            item.entry.sha256: item.entry for item in [*given, *sample]
        }
        known = self.parent.manifest.provenance
        provenance = Provenance(
            dataset=manifest_hash(entries.values()),
            seed=known.seed,
            parameters=known.parameters
            | {
                "good": " ".join(str(len(memory.bank)) for memory in memories),
                "missed": " ".join(str(len(memory.missed)) for memory in memories),
                "gain": gain,
            },
            versions=known.versions | versions_of("onnx", "onnxruntime", "openvino"),
            parent=self.parent.hash,
            change=kind,
        )
        added = [item.path for item in given if item.entry.label is Label.GOOD]
        return Draft(
            manifest=self.parent.manifest.model_copy(update={"provenance": provenance}),
            graph=self.patches.with_memories(memories, gain=gain, reweight=self.reweight),
            files={MEMORY: pack_memories(memories)},
            teach=[*self.store.good_images(Split.TEACH), *added],
            calibrate=self._calibrators(sample),
            preparer=self.preparer,
        )

    def compare(
        self,
        before: Before,
        made: Candidate,
        growths: Sequence[Growth],
        given: Sequence[Chosen],
        stages: Stages,
    ) -> Change:
        """Ask the next bundle the same."""
        calibration = made.calibration
        scores = self._scores(made.engine, _paths(given), calibration, stages, "after")
        judged = zip(given, before.scores, scores, strict=True)
        return Change(
            change=made.bundle.manifest.provenance.change,
            parent=self.parent.hash,
            threshold_before=before.threshold,
            threshold_after=calibration.threshold,
            images=tuple(Judged(item.entry.source, *pair) for item, *pair in judged),
            calibration_images=calibration.images,
            rejected_before=before.rejected,
            rejected_after=sum(score > calibration.threshold for score in calibration.scores),
            good=tuple(growth.good for growth in growths),
            missed=tuple(growth.missed for growth in growths),
            left=tuple(growth.left for growth in growths),
        )

    def _calibrators(self, sample: Sequence[Chosen]) -> list[Path]:
        return [*self.store.good_images(Split.CALIBRATE), *_paths(sample)]

    def _scores(
        self,
        engine: Engine,
        paths: Sequence[Path],
        calibration: Calibration,
        stages: Stages,
        stage: str,
    ) -> list[float]:
        decision = Decision(calibration)
        judged = final_scores(engine, self.preparer, paths, decision, partial(stages, stage))
        return [score for score, _ in judged]


def _once(pictures: Sequence[Picture], split: Split) -> dict[str, Chosen]:
    """Pictures by digest; copies of one count once."""
    digests = {digest_of(picture.path): picture for picture in pictures}
    return {digest: chosen_as(split, picture, digest) for digest, picture in digests.items()}


def _paths(chosen: Sequence[Chosen]) -> list[Path]:
    return [item.path for item in chosen]
