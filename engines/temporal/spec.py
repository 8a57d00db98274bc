"""How a forecast is taught."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from inspector.core.section import Section

Baseline = Literal["last", "smoothing", "autoregression"]
Network = Literal["lstm", "gru", "transformer"]
BASELINES: tuple[Baseline, ...] = get_args(Baseline)
NETWORKS: tuple[Network, ...] = get_args(Network)


class ForecastSpec(Section):
    """What is tried, and how long; a second for baselines, half a minute of a core for networks."""

    method: Literal["plain", "auto"] | Baseline | Network = Field(
        "plain", description="plain = the best baseline; auto = a network where it is better"
    )
    only_if_better: bool = Field(
        True, description="false: a network is kept even where a plain baseline is as good"
    )
    window: int = Field(32, ge=2, le=512, description="parts that a prediction is made from")
    width: int = Field(24, ge=4, le=256, multiple_of=2, description="numbers in a network's state")
    epochs: int = Field(60, ge=1, le=10_000, description="of 16 steps each, at most")
    patience: int = Field(10, ge=1, description="epochs without improvement before it stops")
    batch: int = Field(16, ge=1, le=512, description="stretches of 8 windows per training step")
    learning_rate: float = Field(3e-3, gt=0.0, le=1.0, description="of the Adam optimiser")
    seed: int = Field(0, ge=0, description="seed of every random choice while teaching")

    @property
    def networks(self) -> tuple[Network, ...]:
        """The networks that are tried."""
        return tuple(name for name in NETWORKS if self.method in ("auto", name))

    @property
    def baselines(self) -> tuple[Baseline, ...]:
        """The baselines that are tried: all, unless one was asked for by name."""
        return tuple(n for n in BASELINES if self.method == n) or BASELINES
