"""Backtest: a tuple tried on the stored labelled images of its product, before it is released."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from inspector.core.deciding import DecidingTuple
from inspector.core.errors import ConfigError
from inspector.core.sealed import Sealed
from inspector.durable.files import write_atomically
from inspector.durable.yaml_files import dump_yaml, load_yaml


class Backtest(Sealed):
    """Verdicts on stored images, by the digest of the image."""

    schema_version: Literal[1] = 1
    product: str
    deciding: DecidingTuple
    dataset: str
    """Hash of the list of images and labels."""
    good: int
    good_rejected: int
    defective: int
    defective_passed: int
    compared: int = Field(description="images that the release before was tried on, too")
    changed: int = Field(description="of those, verdicts that are not the same")
    passed: tuple[str, ...]
    rejected: tuple[str, ...]


def make_backtest(
    deciding: DecidingTuple,
    verdicts: Mapping[str, bool],
    good: Mapping[str, bool],
    *,
    product: str,
    dataset: str,
    before: Backtest | None,
) -> Backtest:
    """Count verdicts (digest -> passed) against labels (digest -> good) and the backtest before."""
    old = (
        dict.fromkeys(before.passed, True) | dict.fromkeys(before.rejected, False) if before else {}
    )
    common = verdicts.keys() & old.keys()
    return Backtest.sealed(
        product=product,
        deciding=deciding,
        dataset=dataset,
        good=sum(good.values()),
        good_rejected=sum(good[one] and not passed for one, passed in verdicts.items()),
        defective=len(good) - sum(good.values()),
        defective_passed=sum(passed and not good[one] for one, passed in verdicts.items()),
        compared=len(common),
        changed=sum(verdicts[one] != old[one] for one in common),
        passed=tuple(sorted(one for one, passed in verdicts.items() if passed)),
        rejected=tuple(sorted(one for one, passed in verdicts.items() if not passed)),
    )


def backtest_file(data_folder: Path, product: str, digest: str) -> Path:
    """Where a backtest lies."""
    return data_folder / "releases" / product / "backtests" / f"{digest}.yaml"


def save_backtest(data_folder: Path, backtest: Backtest) -> None:
    """Keep it. Raises ``StorageError``."""
    path = backtest_file(data_folder, backtest.product, backtest.hash)
    write_atomically(path, dump_yaml(backtest))


def load_backtest(data_folder: Path, product: str, digest: str) -> Backtest:
    """A kept one. Raises ``ConfigError`` when there is none of this hash, or it was changed."""
    path = backtest_file(data_folder, product, digest)
    found = load_yaml(path, Backtest)
    if not found.intact or found.hash != digest or found.product != product:
        raise ConfigError(f"{path}: hash: the file was changed", remedy="Make the backtest again")
    return found
