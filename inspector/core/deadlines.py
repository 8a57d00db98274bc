"""Who is looked at next: the oldest deadline first, and what cannot be met not at all."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Generic, TypeVar

Job = TypeVar("Job")


class DeadlineQueue(Generic[Job]):
    """Jobs of several cameras for one engine. Times in ns of one clock. One thread.

    Earliest deadline first meets all deadlines whenever any order can (Liu and Layland 1973); in
    overload it fails badly unless what is hopeless is dropped before it is begun, as here.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Job]] = []
        self._pushed = 0

    def __len__(self) -> int:
        return len(self._heap)

    def push(self, job: Job, deadline_ns: int) -> None:
        """A job waits; of equal deadlines the one that came first goes first."""
        self._pushed += 1
        heappush(self._heap, (deadline_ns, self._pushed, job))

    def pop(self, now_ns: int, needs_ns: int) -> tuple[Job | None, list[Job]]:
        """The next job that can be done in time, and those that no longer can: reject them now."""
        hopeless: list[Job] = []
        while self._heap:
            deadline_ns, _, job = heappop(self._heap)
            if now_ns + needs_ns <= deadline_ns:
                return job, hopeless
            hopeless.append(job)
        return None, hopeless

    def clear(self) -> None:
        """Forget all jobs."""
        self._heap = []
