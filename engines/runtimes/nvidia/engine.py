"""The engine of both packages: its plan from the cache or built here, then run on the GPU."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engines.bundle import Bundle
from engines.runtimes.checks import check_batch, check_finite, info_of
from engines.runtimes.nvidia.building import BatchRange
from engines.runtimes.nvidia.executing import SLOTS, Executor, layout_of
from engines.runtimes.nvidia.gpu import Gpu, open_gpu
from engines.runtimes.nvidia.plans import Plan, Wanted, cached_plan
from engines.runtimes.nvidia.sdk import Sdk
from inspector.core.canonical import sha256_hex
from inspector.core.detection import Detection, EngineInfo
from inspector.core.errors import EngineError
from inspector.core.frame import Pixels

if TYPE_CHECKING:
    import tensorrt as trt


class NvidiaEngine:
    """An `Engine` on an NVIDIA GPU; made on one thread, it may be used on another, one at a time.

    The arrays of a `Detection` are page-locked buffers, valid until the next ``infer`` or
    ``submit``. The first batch of a new size costs the recording of its CUDA graph. Raises
    ``EngineError``.
    """

    def __init__(
        self,
        sdk: Sdk,
        bundle: Bundle,
        graph: bytes,
        precision: str,
        plans: Path,
        *,
        batch: BatchRange = BatchRange(),  # noqa: B008  # frozen
        record: bool = True,
    ) -> None:
        gpu = open_gpu()
        sdk.check_runs_on(gpu.name, gpu.architecture)
        wanted = Wanted(
            sdk.kind,
            sha256_hex(graph),
            precision,
            sdk.version,
            batch,
            architectures=(gpu.architecture,),
            gpu=gpu.name if sdk.kind == "tensorrt" else None,
        )
        with gpu.current():
            self.plan: Plan = cached_plan(plans, sdk, graph, wanted)
            engine = deserialised(sdk, self.plan)
            new_context = sdk.opener(engine)
        # Two builds of a graph may choose other kernels: the plan is part of what computes.
        name = f"{sdk.kind} {sdk.version} {precision} {gpu.name}"
        fingerprint = f"{name} plan {self.plan.manifest.sha256[:12]}"
        self.info: EngineInfo = info_of(bundle, sdk.kind, fingerprint, precision)
        layout = layout_of(sdk, engine, self.info)
        self.largest_batch = layout.largest
        self.gpu: Gpu = gpu
        self._executor = Executor(gpu, sdk, new_context, layout, record=record)

    def infer(self, batch: Pixels) -> Detection:
        """Judge uint8[N, H, W, C] prepared images; more than the plan takes go in turns."""
        check_batch(batch, self.info)
        if self._executor.under_way:
            raise EngineError("infer was called between submit and collect", remedy="Collect first")
        if len(batch) <= self.largest_batch:
            self._executor.submit(batch)
            return check_finite(self._executor.collect())
        turns = range(0, len(batch), self.largest_batch)
        found = self.stream(batch[begin : begin + self.largest_batch] for begin in turns)
        maps, scores = zip(*((d.maps.copy(), d.scores.copy()) for d in found), strict=True)
        return Detection(np.concatenate(maps), np.concatenate(scores))

    def stream(self, batches: Iterable[Pixels]) -> Iterator[Detection]:
        """Judge batch after batch; while one is computed, the next one travels.

        A detection is valid until the next one is asked for.
        """
        try:
            for batch in batches:
                if self._executor.under_way == SLOTS:
                    yield self.collect()
                self.submit(batch)
            while self._executor.under_way:
                yield self.collect()
        finally:
            self._executor.abandon()

    def submit(self, batch: Pixels) -> None:
        """Start a batch of at most ``largest_batch`` images; two may be under way."""
        check_batch(batch, self.info)
        if len(batch) > self.largest_batch:
            raise EngineError(
                f"engine got {len(batch)} images at once, its plan takes {self.largest_batch}",
                remedy="Give fewer, or use infer",
            )
        self._executor.submit(batch)

    def collect(self) -> Detection:
        """The result of the oldest batch that was submitted."""
        if not self._executor.under_way:
            raise EngineError("collect was called before submit", remedy="Submit a batch first")
        return check_finite(self._executor.collect())

    def close(self) -> None:
        """Free what is on the GPU."""
        self._executor.close()


def deserialised(sdk: Sdk, plan: Plan) -> trt.ICudaEngine:
    """The plan, ready to run on the current GPU. Raises ``EngineError``."""
    sdk.rows.clear()
    engine = sdk.api.Runtime(sdk.logger).deserialize_cuda_engine(plan.data)
    if engine is None:
        raise sdk.failure(f"cannot load the plan {plan.path}", "Delete it: it is built anew")
    return engine
