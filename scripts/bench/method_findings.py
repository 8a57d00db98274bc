"""What one engine finds on the part of the methods' pictures, and the file that keeps it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter
from safetensors import safe_open
from safetensors.numpy import save

from inspector.core.engine_spec import EngineSpec
from inspector.core.frame import ScoreMap
from inspector.core.judgement import CheckResult
from inspector.core.line_config import RuntimeConfig
from inspector.core.ports import PreparedView
from inspector.durable.files import write_atomically
from inspector.preparation import NO_OPTICS
from inspector.scoring.decision import Decision
from inspector.teaching.calibrated_engine import calibrated_engine
from scripts.bench.cells import engine_of, path_of
from scripts.bench.method_parts import Grey, Part, Product

_REACH = 1 / 32
"""A map's place lies at a defect within this share of the picture's side: what a stride of 8 px can
tell, and what is drawn around it."""
_MAP = "map"


@dataclass(frozen=True)
class Finding:
    """An engine's word on the part; ``refused`` says why it could not be taught, else empty.

    ``unit`` float32[H, W] is the map divided by the threshold: 1 is the threshold. None from an
    engine that judges the part as a whole. ``score`` is in the same unit,
    ``good_rejected`` how many of the good parts it rejects.
    """

    score: float = 0.0
    good_rejected: int = 0
    refused: str = ""
    unit: ScoreMap | None = field(default=None, repr=False, compare=False)

    @property
    def rejects(self) -> bool:
        """Whether the line would."""
        return self.score > 1.0


def judged(bundle: Path, part: Part, good: Iterable[Grey], runtime: RuntimeConfig) -> Finding:
    """Ask a calibrated bundle. Raises ``BundleError`` or ``EngineError``."""
    with calibrated_engine(bundle, runtime, None, NO_OPTICS) as line:
        decision = Decision(line.calibration)

        def look(view: PreparedView) -> tuple[CheckResult, ...]:
            return decision.judge(view, line.engine.infer(view.pixels[None]))

        views = (line.preparer.view_of(picture[..., None], bundle) for picture in good)
        good_rejected = sum(_score(look(view)) > 1.0 for view in views)
        view = line.preparer.view_of(part.picture[..., None], bundle)
        results = look(view)
        return Finding(_score(results), good_rejected, unit=_unit(results, part))


def _score(results: Iterable[CheckResult]) -> float:
    """Of the check that is furthest above its threshold, in thresholds."""
    return max(result.score / result.threshold for result in results)


def _unit(results: tuple[CheckResult, ...], part: Part) -> ScoreMap | None:
    """Every check's map in its threshold, the largest at each place."""
    height, width = part.picture.shape
    maps = [
        cv2.resize(result.map / np.float32(result.threshold), (width, height))
        for result in results
        if result.map is not None
    ]
    return np.asarray(np.maximum.reduce(maps), np.float32) if maps else None


def places(unit: ScoreMap, part: Part) -> tuple[set[str], bool]:
    """The defects at which a map is above the threshold, and whether it is so anywhere else.

    A region that reaches from a defect to where none is counts as the defect's alone.
    """
    above = unit > 1.0
    near = {name: _away(mask) <= _REACH * len(mask) for name, mask in part.defects.items()}
    count, regions = cv2.connectedComponents(above.astype(np.uint8))
    at_defects = np.unique(regions[np.logical_or.reduce(list(near.values()))])
    return {name for name, place in near.items() if (above & place).any()}, bool(
        set(range(1, count)) - set(at_defects.tolist())
    )


def _away(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """px from the defect."""
    return np.asarray(cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5), np.float32)


def kept_path(cache: Path, product: Product, engine: str) -> Path:
    """Where it is kept: of other defaults it is another engine."""
    spec = TypeAdapter[EngineSpec](EngineSpec).validate_python(engine_of(engine))
    digest = hashlib.sha256(spec.model_dump_json().encode()).hexdigest()[:8]
    return path_of(cache, product.name, f"{engine} {digest}").with_suffix(".safetensors")


def keep(path: Path, finding: Finding) -> None:
    """Write one file, whole or not at all."""
    words = asdict(replace(finding, unit=None))
    maps = {} if finding.unit is None else {_MAP: finding.unit.astype(np.float16)}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, save(maps, {"finding": json.dumps(words)}))


def kept(path: Path) -> Finding:
    """What ``keep`` wrote."""
    with safe_open(path, "np") as file:
        words = json.loads(file.metadata()["finding"])
        unit = file.get_tensor(_MAP).astype(np.float32) if _MAP in file.keys() else None  # noqa: SIM118
    return Finding(**words | {"unit": unit})
