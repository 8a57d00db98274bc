"""Plans on disk: compiled for one package version and one kind of GPU, and known by their manifest.

A plan is a cache of its graph: what does not fit is built anew, and the reason is logged. Beside
each plan ``NAME.trtplan`` or ``NAME.rtxplan`` stands its manifest, ``NAME.trtplan.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import structlog
from pydantic import BaseModel, ConfigDict, Field

from engines.runtimes.nvidia.building import BatchRange, build_plan
from engines.runtimes.nvidia.sdk import SUFFIXES, Kind, Sdk
from inspector.core.canonical import sha256_hex
from inspector.core.engine_spec import Digest
from inspector.core.errors import BundleError, ConfigError
from inspector.durable.files import storage_errors, write_atomically
from inspector.durable.yaml_files import dump_yaml, load_yaml

_log = structlog.get_logger(__name__)

Positive = Annotated[int, Field(gt=0)]


class PlanManifest(BaseModel):
    """What a plan was built of, with and for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: Literal[1] = 1
    kind: Kind
    package: str
    """Version of TensorRT or TensorRT-RTX; a plan runs under no other."""
    graph: Digest
    precision: str
    batch: tuple[Positive, Positive, Positive]
    """Smallest, usual and largest number of images at once."""
    architectures: tuple[Positive, ...]
    """SM numbers that it runs on."""
    gpu: str | None = None
    """Full TensorRT: the GPU that it was tuned on."""
    sha256: Digest
    size: Positive


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a plan must fit. ``gpu`` matters to full TensorRT alone."""

    kind: Kind
    graph: str
    precision: str
    package: str
    batch: BatchRange
    architectures: tuple[int, ...]
    gpu: str | None = None

    @property
    def name(self) -> str:
        """File name of the plan that is built for this."""
        target = "sm" + "-".join(map(str, self.architectures))
        if self.gpu is not None:
            target = "-".join("".join(c if c.isalnum() else " " for c in self.gpu).split())
        parts = (self.graph[:16], self.precision, target, self.package)
        return "_".join(parts) + SUFFIXES[self.kind]

    def misfit(self, found: PlanManifest) -> str | None:
        """Why the plan cannot be used, or None when it can."""
        limits = (self.batch.smallest, self.batch.usual, self.batch.largest)
        reasons = {
            f"is a plan of {found.kind}, not of {self.kind}": found.kind != self.kind,
            "belongs to another graph": found.graph != self.graph,
            f"is of {found.precision}, not of {self.precision}": found.precision != self.precision,
            f"was built with version {found.package}, {self.package} is installed": (
                found.package != self.package
            ),
            f"is for SM {found.architectures}, this needs SM {self.architectures}": not (
                set(self.architectures) <= set(found.architectures)
            ),
            f"was tuned on {found.gpu}, this is {self.gpu}": found.gpu != self.gpu,
            f"takes {found.batch} images, wanted are {limits}": found.batch != limits,
        }
        return next((reason for reason, true in reasons.items() if true), None)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan that was read or built, whole."""

    path: Path
    manifest: PlanManifest
    data: bytes


def open_plan(path: Path, wanted: Wanted) -> Plan:
    """Read a plan. Raises ``BundleError`` saying why it is refused; nothing is loaded then."""
    if path.suffix != SUFFIXES[wanted.kind]:
        raise _refused(path, f"is no plan of {wanted.kind} ({SUFFIXES[wanted.kind]})")
    try:
        manifest = load_yaml(_manifest_of(path), PlanManifest)
    except ConfigError as error:
        raise _refused(path, f"has no valid manifest ({error.problem})") from error
    reason = wanted.misfit(manifest)
    if reason is not None:
        raise _refused(path, reason)
    with storage_errors(path):
        data = path.read_bytes()
    if len(data) != manifest.size or sha256_hex(data) != manifest.sha256:
        raise _refused(path, "is damaged: its contents differ from its manifest")
    return Plan(path, manifest, data)


def build_into(folder: Path, sdk: Sdk, graph: bytes, wanted: Wanted) -> Plan:
    """Build the plan and write it with its manifest. Raises ``EngineError``, ``StorageError``."""
    data = build_plan(sdk, graph, wanted.batch, wanted.architectures)
    manifest = PlanManifest(
        kind=wanted.kind,
        package=wanted.package,
        graph=wanted.graph,
        precision=wanted.precision,
        batch=(wanted.batch.smallest, wanted.batch.usual, wanted.batch.largest),
        architectures=wanted.architectures,
        gpu=wanted.gpu,
        sha256=sha256_hex(data),
        size=len(data),
    )
    path = folder / wanted.name
    # The manifest comes last: a plan without its own is no plan.
    write_atomically(path, data)
    write_atomically(_manifest_of(path), dump_yaml(manifest))
    return Plan(path, manifest, data)


def cached_plan(folder: Path, sdk: Sdk, graph: bytes, wanted: Wanted) -> Plan:
    """The plan from ``folder`` that fits, or a new one. Raises as `build_into`."""
    for path in _plans_of(folder, wanted):
        try:
            return open_plan(path, wanted)
        except BundleError as refusal:
            _log.warning("plan not used", plan=str(path), reason=refusal.problem)
    _log.info("plan is built", graph=wanted.graph, runtime=wanted.kind)
    return build_into(folder, sdk, graph, wanted)


def _plans_of(folder: Path, wanted: Wanted) -> Iterator[Path]:
    """Plans of this graph and precision: that of this very name first, then by name."""
    found = folder.glob(f"{wanted.graph[:16]}_{wanted.precision}_*{SUFFIXES[wanted.kind]}")
    return iter(sorted(found, key=lambda path: (path.name != wanted.name, path.name)))


def _manifest_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.yaml")


def _refused(path: Path, reason: str) -> BundleError:
    return BundleError(f"{path}: {reason}", remedy="Delete it: it is built anew, or compile again")
