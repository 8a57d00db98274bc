"""The bench of scales judges the same maps with each number of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.bench.engine_scales import main
from tests.teaching.conftest import write_mvtec

pytestmark = pytest.mark.slow


def test_every_number_of_scales_is_in_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--products", str(write_mvtec(tmp_path / "disc")), "--size", "64"])
    rows = capsys.readouterr().out.splitlines()[2:]
    assert [row.split(" | ")[1] for row in rows] == ["engine", "2 scales", "3 scales"]
