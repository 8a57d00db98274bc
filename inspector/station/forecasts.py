"""Where a product's forecasts lie in the data folder, and the series that the station kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from engines.sealed_folder import packed_hash
from engines.temporal import Forecast, Series, open_forecast, writing_forecast
from inspector.core.errors import BundleError, ConfigError
from inspector.durable.files import write_atomically
from inspector.station.line_series import Signals, series_of

_LATEST = "parts.safetensors"


def forecasts_folder(data_folder: Path, product: str) -> Path:
    """All forecasts of a product; each lies in a folder named by the start of its hash."""
    return data_folder / "forecasts" / product


def current_forecast(data_folder: Path, product: str) -> Path | None:
    """The forecast that runs, or None where none was taught. Raises ``BundleError``."""
    pointer = forecasts_folder(data_folder, product) / "current"
    if not pointer.exists():
        return None
    path = pointer.parent / pointer.read_text(encoding="utf-8").strip()
    if path.parent != pointer.parent or not path.is_dir():
        raise BundleError(f"{pointer}: names no forecast", remedy="Teach the forecast again")
    return path


def keep_forecast(data_folder: Path, product: str, files: Mapping[str, bytes]) -> Forecast:
    """Write a packed forecast and let it run from the next start on. Raises ``StorageError``."""
    folder = forecasts_folder(data_folder, product)
    path = folder / packed_hash(files)[:16]
    with writing_forecast(path, files):
        pass
    write_atomically(folder / "current", f"{path.name}\n".encode())
    return open_forecast(path)


class LatestParts:
    """The signals of the last parts, kept on disk every now and then; supervisor thread.

    Only they know the looks of pictures, which no record holds. At most ``room`` parts.
    """

    def __init__(self, data_folder: Path, product: str, bundle: str, room: int) -> None:
        self._file = latest_file(data_folder, product, bundle)
        self._room = room
        self._rows: list[Signals] = []
        self._new = 0
        if self._file.is_file():
            known = latest_parts(self._file)
            self._rows = [dict(zip(known.channels, row, strict=True)) for row in known.values]

    def add(self, signals: Signals) -> None:
        """One part."""
        self._rows.append(signals)
        self._new += 1
        if len(self._rows) > self._room + self._room // 10:
            del self._rows[: -self._room]

    def keep(self) -> None:
        """Write them where a tenth is new. Raises ``StorageError``."""
        if self._new < max(self._room // 10, 1):
            return
        self._new = 0
        series = series_of(self._rows[-self._room :], "parts of the line")
        columns = {name: series.values[:, i].copy() for i, name in enumerate(series.channels)}
        write_atomically(self._file, save(columns))


def latest_file(data_folder: Path, product: str, bundle: str) -> Path:
    """Where the last parts of a product that a bundle (hash) judged are kept."""
    return forecasts_folder(data_folder, product) / f"{bundle[:12]}-{_LATEST}"


def latest_parts(file: Path) -> Series:
    """What the station kept. Raises ``ConfigError`` where there is nothing, or it is damaged."""
    try:
        columns = load_file(file)
        return Series(tuple(columns), np.stack(list(columns.values()), axis=1))
    except FileNotFoundError as error:
        raise ConfigError(
            f"{file}: the station has kept no parts",
            remedy="Set forecast.enabled: true and let the line run, or teach from the ledger",
        ) from error
    except (OSError, SafetensorError, ValueError) as error:
        raise ConfigError(f"{file}: is damaged", remedy="Delete it") from error
