"""Releases of a product: an append-only chain of small files, each sealed and tied to the last.

``releases/<product>/<number>.yaml`` in the data folder. Every change is a new entry, a withdrawal
too. An entry carries its own hash and that of the entry before it, so that a change or a gap shows;
it is not signed: its hash also stands in the ledger, which tells who made it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, JsonValue, RootModel

from inspector.core.deciding import DecidingTuple
from inspector.core.errors import ConfigError, RefusedError
from inspector.core.recipe import ProductName
from inspector.core.sealed import Sealed
from inspector.core.section import Section
from inspector.durable.files import write_atomically
from inspector.durable.yaml_files import dump_yaml, load_yaml
from inspector.release.difference import Change

Reason = Annotated[str, Field(min_length=8, max_length=2000)]
_GENESIS = ""


class CalibrationBasis(Section):
    """What the thresholds rest on."""

    images: int
    promised: float
    marginal: float
    bound95: float
    extrapolated: bool
    """The promise is a tail model's word: there were too few images to prove it."""
    cross_fitted: bool


class LimitBasis(Section):
    """The check of limit samples that was passed."""

    check: str
    utc_us: int
    masters: int
    from_pictures: bool


class BacktestBasis(Section):
    """What the tuple says of stored labelled images."""

    backtest: str
    good: int
    good_rejected: int
    defective: int
    defective_passed: int
    compared: int
    """Images that the release before was tried on, too."""
    changed: int
    """Of those, verdicts that are not the same."""


class Validation(Section):
    """What a release rests on."""

    calibration: CalibrationBasis
    limits: LimitBasis
    backtest: BacktestBasis | None = None


class _Entry(Sealed):
    schema_version: Literal[1] = 1
    product: ProductName
    number: int = Field(ge=1)
    previous: str = Field(description="hash of the entry before; empty for the first")
    station: str
    user: str = Field(min_length=1)
    role: str
    utc: AwareDatetime
    reason: Reason


class Release(_Entry):
    """A tuple that may run in production."""

    kind: Literal["release"] = "release"
    deciding: DecidingTuple
    changed: tuple[Change, ...] = ()
    """Hashes that are others than in the release before."""
    recipe: dict[str, JsonValue]
    recipe_changes: tuple[Change, ...] = ()
    """Keys of the recipe that are others than in the release before."""
    validation: Validation


class Withdrawal(_Entry):
    """The end of a release: it runs in production no more."""

    kind: Literal["withdrawal"] = "withdrawal"
    withdraws: int = Field(ge=1)


Entry = Release | Withdrawal


class _File(RootModel[Annotated[Entry, Field(discriminator="kind")]]):
    pass


class Releases:
    """The chain of one product. One writer at a time: the station, which holds the ledger's lock.

    Reads it whole and raises ``ConfigError``, naming the file, when anything in it was changed,
    removed or moved.
    """

    def __init__(self, data_folder: Path, product: str) -> None:
        self.folder = data_folder / "releases" / product
        self.product = product
        self.entries = self._read()

    @property
    def active(self) -> Release | None:
        """The newest release that was not withdrawn."""
        gone = {entry.withdraws for entry in self.entries if isinstance(entry, Withdrawal)}
        for entry in reversed(self.entries):
            if isinstance(entry, Release) and entry.number not in gone:
                return entry
        return None

    @property
    def newest(self) -> Release | None:
        """The newest release, withdrawn or not: what the next one is compared with."""
        found = [entry for entry in self.entries if isinstance(entry, Release)]
        return found[-1] if found else None

    @property
    def next(self) -> tuple[int, str]:
        """Number and predecessor's hash of the next entry."""
        head = self.entries[-1].hash if self.entries else _GENESIS
        return len(self.entries) + 1, head

    def path_of(self, number: int) -> Path:
        """Where an entry lies."""
        return self.folder / f"{number:04d}.yaml"

    def append(self, entry: Entry) -> None:
        """Write the next entry. Raises ``StorageError``; ``RefusedError`` if it does not follow."""
        path = self.path_of(entry.number)
        if (entry.number, entry.previous) != self.next or not entry.intact or path.exists():
            raise RefusedError(f"{path}: does not follow the last entry", remedy="Try again")
        write_atomically(path, dump_yaml(entry))
        self.entries = (*self.entries, entry)

    def why_not(self, loaded: DecidingTuple) -> str:
        """Why the loaded tuple may not run in production, in words; empty when it may."""
        active = self.active
        if active is None and self.newest is None:
            return f"{self.product} was never released"
        if active is None:
            return f"{self.product}: every release was withdrawn"
        changed = active.deciding.differences(loaded)
        if not changed:
            return ""
        return f"{self.path_of(active.number)}: deciding.{changed[0]}: " + "; ".join(
            f"{key} released {_short(active.deciding, key)}, loaded {_short(loaded, key)}"
            for key in changed
        )

    def _read(self) -> tuple[Entry, ...]:
        files = sorted(self.folder.glob("[0-9]*.yaml"))
        entries: list[Entry] = []
        previous = _GENESIS
        for number, path in enumerate(files, start=1):
            entry = load_yaml(path, _File).root
            key = self._wrong(entry, path, number, previous)
            if key:
                raise ConfigError(
                    f"{path}: {key}: the releases were changed, or one is missing",
                    remedy="Restore the folder from a backup, and compare with the ledger",
                )
            entries.append(entry)
            previous = entry.hash
        return tuple(entries)

    def _wrong(self, entry: Entry, path: Path, number: int, previous: str) -> str:
        """The first key that is not as it was written."""
        pairs: dict[str, tuple[object, object]] = {
            "hash": (entry.hash, entry.content_hash),
            "number": (entry.number, number),
            "(file name)": (path, self.path_of(number)),
            "previous": (entry.previous, previous),
            "product": (entry.product, self.product),
        }
        return next((key for key, (found, right) in pairs.items() if found != right), "")


def _short(deciding: DecidingTuple, key: str) -> str:
    value: str = getattr(deciding, key)
    digest = key in {"recipe", "preparation", "bundle", "calibration"}
    return value[:12] if digest else repr(value)
