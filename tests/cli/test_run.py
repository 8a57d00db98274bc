"""``inspector run``: figures, exit codes, and one clear line for what is wrong."""

from __future__ import annotations

import json
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest

from inspector.cli import main
from inspector.core.errors import InspectorError
from inspector.core.record import RecordKind
from inspector.ledger.ledger import ledger_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from tests.cli.commands import inspector, start_inspector
from tests.tiny_plant import TinyPlant, make_plant


@pytest.fixture
def plant(tmp_path: Path) -> TinyPlant:
    return make_plant(tmp_path)


def test_a_headless_run_writes_its_figures(plant: TinyPlant, tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    line = str(plant.line_file)
    done = inspector("run", "--line", line, "--headless", "--parts", "40", "--json", str(out))
    assert done.returncode == 0, done.stderr
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert figures["triggers"] == figures["frames"] + figures["lost"] == 40
    assert figures["parts"] == figures["verdicts"] == figures["passed"] + figures["rejected"] == 40
    assert figures["rejected"] >= 10
    assert figures["late"] == 0
    assert f"tiny: 40 parts, {figures['passed']} passed, {figures['rejected']} re" in done.stderr
    latency = figures["latency_ms"]
    assert 0 < latency["p50"] <= latency["p99"] <= latency["p999"] <= latency["max"]
    assert figures["state"] == "ready"
    assert figures["gate"] == {"passed": figures["passed"], "ejected": figures["rejected"]}


def test_the_first_start_shows_a_password_once(plant: TinyPlant) -> None:
    line = str(plant.line_file)
    first = inspector("run", "--line", line, "--headless", "--parts", "3")
    assert "administrator" in first.stderr
    second = inspector("run", "--line", line, "--headless", "--parts", "3")
    assert "administrator" not in second.stderr


def inspected(plant: TinyPlant) -> bool:
    """Whether the ledger has a part."""
    try:
        reader = LedgerReader.open(ledger_folder(plant.data_folder))
    except InspectorError:
        return False
    with closing(reader):
        return any(True for _ in reader.each(RecordFilter(kind=RecordKind.INSPECTION)))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_stop_it_cleanly(plant: TinyPlant, number: signal.Signals, tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    running = start_inspector(
        "run", "--line", str(plant.line_file), "--headless", "--json", str(out)
    )
    until = time.monotonic() + 60.0
    while not inspected(plant) and time.monotonic() < until:
        time.sleep(0.2)
    running.send_signal(number)
    output, _ = running.communicate(timeout=30.0)
    assert running.returncode == 0, output
    assert "Traceback" not in output
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert figures["parts"] == figures["verdicts"] > 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--line", "absent.yaml"), "absent.yaml: no such file"),
        (("--product", "nothing"), "Known products: tiny. New: inspector teach"),
        (("--demo", "sim"), "--line and --demo exclude each other"),
        (("--json", "/absent/run.json"), "its folder does not exist"),
        (("--json", "/"), "--json /: is a folder"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    plant: TinyPlant, arguments: tuple[str, ...], words: str
) -> None:
    line = () if arguments[0] == "--line" else ("--line", str(plant.line_file))
    done = inspector("run", *line, "--headless", "--parts", "1", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_wrong_key_or_unit_is_named(plant: TinyPlant) -> None:
    text = plant.line_file.read_text(encoding="utf-8")
    plant.line_file.write_text(text.replace("deadline_ms: 5000.0", "deadline_ms: 150 ms"), "utf-8")
    done = inspector("run", "--line", str(plant.line_file), "--headless", "--parts", "1")
    assert done.returncode == 2
    assert "gate.deadline_ms" in done.stderr
    assert "'150 ms'" in done.stderr


def test_an_unknown_home_is_named(plant: TinyPlant, monkeypatch: pytest.MonkeyPatch) -> None:
    text = plant.line_file.read_text(encoding="utf-8")
    plant.line_file.write_text(
        text.replace(str(plant.pictures), "~no-such-user/pictures"), encoding="utf-8"
    )
    arguments = ("run", "--line", str(plant.line_file), "--headless", "--parts", "1")
    done = inspector(*arguments)
    assert done.returncode == 2
    assert "cameras.source: ~no-such-user/pictures: no such user's home" in done.stderr
    monkeypatch.setenv("INSPECTOR_DATA", "~no-such-user/data")
    done = inspector(*arguments)
    assert done.returncode == 2
    assert "INSPECTOR_DATA: ~no-such-user/data" in done.stderr


def test_a_fault_of_the_system_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise PermissionError(13, "Permission denied", "/root/pictures")

    monkeypatch.setattr("inspector.cli.app.app", refuse)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
    message = capsys.readouterr().err
    assert "/root/pictures" in message
    assert len(message.splitlines()) == 1


def test_a_camera_folder_that_is_empty_is_named(plant: TinyPlant) -> None:
    for file in plant.pictures.iterdir():
        file.unlink()
    done = inspector("run", "--line", str(plant.line_file), "--headless", "--parts", "1")
    assert done.returncode == 2
    assert f"{plant.pictures}: no pictures" in done.stderr


def test_ledger_commands(plant: TinyPlant, tmp_path: Path) -> None:
    line = ("--line", str(plant.line_file))
    assert inspector("run", *line, "--headless", "--parts", "20").returncode == 0
    listed = inspector("ledger", "list", *line, "--outcome", "reject")
    assert listed.returncode == 0
    assert "defect" in listed.stdout
    shown = inspector("ledger", "show", "5", *line)
    assert json.loads(shown.stdout)["sequence"] == 5
    verified = inspector("ledger", "verify", *line)
    assert verified.returncode == 0
    assert "intact" in verified.stdout
    exported = inspector("ledger", "export", str(tmp_path / "audit"), *line)
    assert exported.returncode == 0
    assert (tmp_path / "audit" / "records.jsonl").is_file()
    picture = next((plant.data_folder / "evidence").rglob("*.jxl"))
    picture.write_bytes(b"other")
    damaged = inspector("ledger", "verify", *line)
    assert damaged.returncode == 3
    assert "does not verify from record" in damaged.stderr
    missing = inspector("ledger", "show", "99999", *line)
    assert missing.returncode == 2
    assert "record 99999: there is none" in missing.stderr
    beyond = inspector("ledger", "show", "9" * 30, *line)
    assert beyond.returncode == 2
    assert "Traceback" not in beyond.stderr


def test_help_shows_examples() -> None:
    for command in ("teach", "evaluate", "run", "panel", "render", "doctor"):
        done = inspector(command, "--help")
        assert done.returncode == 0
        assert "Examples" in done.stdout
        assert f"inspector {command}" in done.stdout


def test_the_panel_says_what_it_needs(plant: TinyPlant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    done = inspector("panel", "--line", str(plant.line_file))
    assert done.returncode == 2
    assert "the panel needs a display" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_lines_file_without_recipes_beside_it_finds_those_that_came_along(
    plant: TinyPlant, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere" / "my-line.yaml"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(plant.line_file.read_bytes())
    done = inspector("run", "--line", str(elsewhere), "--headless", "--parts", "1")
    assert done.returncode == 2
    assert "solar-mono" in done.stderr
