"""A backtest on Ray: a cluster's processes judge chunks, each with the candidate loaded once."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from typing import Any

from inspector.core.errors import ConfigError
from inspector.release.archive_backtest import Rejudged
from inspector.station.archive_backtesting import Bench, Candidate, Chunk


class _Worker:
    """In a process of its own."""

    def __init__(self, candidate: Candidate) -> None:
        self._bench = Bench(candidate)

    def judge(self, chunk: Chunk) -> list[dict[str, Any]]:
        return [one.model_dump(mode="json") for one in self._bench.judge(chunk)]


class OnRay:
    """Spreads chunks over ``workers`` processes; ``address`` of a cluster, or None: this PC's own.

    Every PC of a cluster needs the data folder under the same path. A worker uses as many threads
    as the line's runtime says: the same, so that scores are the same.
    """

    def __init__(self, workers: int, address: str | None = None) -> None:
        if importlib.util.find_spec("ray") is None:
            raise ConfigError(
                "--ray: the package ray is not installed",
                remedy="Run: pip install --constraint scripts/constraints.txt '.[scale]'",
            )
        self._workers = workers
        self._address = address

    def __call__(
        self, candidate: Candidate, chunks: list[tuple[int, Chunk]]
    ) -> Iterator[tuple[int, list[Rejudged]]]:
        """Judge the chunks; they come in the order in which they are done."""
        if not chunks:
            return
        import ray  # noqa: PLC0415  # an extra, and slow to load

        own: dict[str, Any] = {"num_cpus": self._workers, "include_dashboard": False}
        ray.init(address=self._address, log_to_driver=False, **({} if self._address else own))
        try:
            worker: Any = ray.remote(num_cpus=1)(_Worker)
            under_way: dict[Any, tuple[Any, int]] = {}
            idle = [worker.remote(candidate) for _ in range(min(self._workers, len(chunks)))]
            waiting = list(reversed(chunks))
            while waiting or under_way:
                while waiting and idle:
                    actor, (number, chunk) = idle.pop(), waiting.pop()
                    under_way[actor.judge.remote(chunk)] = (actor, number)
                (done, *_), _ = ray.wait(list(under_way))
                actor, number = under_way.pop(done)
                idle.append(actor)
                yield number, [Rejudged.model_validate(one) for one in ray.get(done)]
        finally:
            ray.shutdown()
