"""The steps of teaching, what each offers, and what a product needs that was taught."""

from __future__ import annotations

import re
from enum import IntEnum, StrEnum

from inspector.core.state import Requirement, StationStatus

RATES = (0.05, 0.02, 0.01, 0.005)
"""Shares of good parts that may be rejected, to choose from."""
METHODS = ("patchcore", "padim", "autoencoder", "none")
BY_DEFAULT = METHODS[0]
TAKEN = 20
"""Pictures of one touch."""


class Step(IntEnum):
    """Where one is."""

    PRODUCT = 0
    PICTURES = 1
    DRAW = 2
    METHOD = 3
    RESULT = 4


class Next(StrEnum):
    """What a product that was taught still needs."""

    LOAD = "load"
    LOADING = "loading"
    LIMIT_SAMPLES = "limit-samples"
    RELEASE = "release"
    RUN = "run"


def needed_by(product: str, status: StationStatus | None) -> Next:
    """What a product still needs on a station that says so; None: it holds no product."""
    if status is None or status.product != product:
        return Next.LOAD
    locked = {lock.key for lock in status.locked}
    if Requirement.LIMIT_SAMPLES in locked:
        return Next.LIMIT_SAMPLES
    return Next.RELEASE if Requirement.RELEASE in locked else Next.RUN


def product_of(title: str) -> str:
    """A name for files and records; empty where nothing of the title can stand in one."""
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return plain[:63] if len(plain) >= 2 else ""
