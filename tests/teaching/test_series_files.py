"""Series from CSV and Parquet: numbers by heading, and what is wrong by file and column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspector.core.errors import ConfigError
from inspector.teaching.series_files import read_series

TEXT = "time,speed,lamp\n06:00,1.5,80\n06:01,,81\n06:02,2.5,82\n"


def csv(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "logged.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_of_numbers_are_channels_and_rows_that_lack_one_are_left_out(
    tmp_path: Path,
) -> None:
    series = read_series(csv(tmp_path, TEXT))
    assert series.channels == ("speed", "lamp")
    assert series.values.tolist() == [[1.5, 80.0], [2.5, 82.0]]
    assert read_series(csv(tmp_path, TEXT), ["lamp"]).values.tolist() == [[80.0], [81.0], [82.0]]


@pytest.mark.parametrize(
    ("text", "channels", "said"),
    [
        (TEXT, ("time",), "time: not numbers"),
        (TEXT, ("belt",), "no column belt. There are: time, speed, lamp"),
        ("a,b\n1\n", (), "line 2: 1 values under 2 headings"),
        ("", (), "is empty"),
        ("a\nx\n", (), "no column of numbers"),
        ("a,b\n", (), "no column of numbers"),
    ],
)
def test_what_is_wrong_is_said(
    tmp_path: Path, text: str, channels: tuple[str, ...], said: str
) -> None:
    with pytest.raises(ConfigError, match=f"logged.csv: .*{said}"):
        read_series(csv(tmp_path, text), channels)


def test_parquet_says_the_same(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow", reason="needs the extra parquet")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = arrow.table({"name": ["a", "b", "c"], "speed": [1.5, None, 2.5]})
    parquet.write_table(table, tmp_path / "logged.parquet")
    series = read_series(tmp_path / "logged.parquet")
    assert series.channels == ("speed",)
    assert np.array_equal(series.values, [[1.5], [2.5]])
    (tmp_path / "logged.parquet").write_bytes(b"x")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_series(tmp_path / "logged.parquet")
