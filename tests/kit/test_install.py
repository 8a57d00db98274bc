"""Install, update, roll back: by the kit's own installer, with fake tiny wheels."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from scripts import install, make_kit
from tests.kit.fake_kit import fake_kit


@pytest.fixture
def places(tmp_path: Path) -> install.Places:
    target = tmp_path / "pc"
    return install.Places(
        prefix=target / "opt",
        data=target / "data",
        config=target / "etc",
        units=target / "units",
        user="nobody",
        panel="kiosk",
        system=False,
    )


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without pip: a command that says its version."""

    def made(kit: Path, folder: Path) -> None:
        (folder / "bin").mkdir(parents=True)
        command = folder / "bin" / "inspector"
        command.write_text(f"#!/bin/sh\necho {install.about(kit)['version']}\n")
        command.chmod(0o755)

    monkeypatch.setattr(install, "_make_environment", made)


def running(places: install.Places) -> str:
    """The version that the command says."""
    command = [str(places.prefix / "bin" / "inspector")]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_kit_installs_through_pip_without_index(tmp_path: Path, places: install.Places) -> None:
    kit = fake_kit(tmp_path / "kit", "1.0")
    done = subprocess.run(
        [
            *("sh", str(kit / "install.sh"), "--no-system", "--prefix", str(places.prefix)),
            *("--data", str(places.data), "--config", str(places.config)),
            *("--units", str(places.units)),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PIP_INDEX_URL": "https://invalid.invalid/simple"},
    )
    assert done.returncode == 0, done.stderr
    assert running(places) == "1.0"
    assert (places.config / "products" / "p.yaml").is_file()
    assert not (kit / "__pycache__").exists()


@pytest.mark.usefixtures("_quick")
def test_update_keeps_what_is_the_stations_and_rollback_is_one_command(
    tmp_path: Path, places: install.Places
) -> None:
    install.install(fake_kit(tmp_path / "kit1", "1.0"), places)
    (places.config / "line.yaml").write_text("# mine\n")
    (places.data / "ledger").mkdir()
    install.install(fake_kit(tmp_path / "kit2", "2.0"), places)
    assert running(places) == "2.0"
    assert (places.config / "line.yaml").read_text() == "# mine\n"
    assert (places.data / "ledger").is_dir()
    for expected in ("1.0", "2.0"):  # back, and forth again
        done = subprocess.run(
            [str(places.prefix / "bin" / "inspector-rollback"), "--no-system"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert f"Version {expected} runs again" in done.stdout
        assert running(places) == expected
    install.install(fake_kit(tmp_path / "kit3", "3.0"), places)
    versions = {path.name for path in places.prefix.iterdir() if path.name[0].isdigit()}
    assert versions == {"2.0", "3.0"}, "the last version is kept, older ones go"


def test_the_command_knows_the_stations_configuration_and_data(
    tmp_path: Path, places: install.Places
) -> None:
    install.bring_commands(fake_kit(tmp_path / "kit", "1.0"), places)
    real = places.prefix / "current" / "bin" / "inspector"
    real.parent.mkdir(parents=True)
    real.write_text('#!/bin/sh\necho "$INSPECTOR_CONFIG $INSPECTOR_DATA $*"\n')
    real.chmod(0o755)
    command = [str(places.prefix / "bin" / "inspector"), "ledger", "verify"]
    clean = {"PATH": os.environ["PATH"]}
    told = subprocess.run(command, env=clean, capture_output=True, text=True, check=True).stdout
    assert told.strip() == f"{places.config} {places.data} ledger verify"
    mine = clean | {"INSPECTOR_DATA": "/mine"}
    told = subprocess.run(command, env=mine, capture_output=True, text=True, check=True).stdout
    assert told.strip() == f"{places.config} /mine ledger verify"


@pytest.mark.usefixtures("_quick")
def test_there_is_a_version_at_every_moment_of_a_switch(
    tmp_path: Path, places: install.Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    install.install(fake_kit(tmp_path / "kit1", "1.0"), places)
    seen = set()
    replace_by_rename = Path.replace

    def watched(self: Path, target: Path) -> Path:
        seen.add(running(places))
        found = replace_by_rename(self, target)
        seen.add(running(places))
        return found

    monkeypatch.setattr(Path, "replace", watched)
    install.install(fake_kit(tmp_path / "kit2", "2.0"), places)
    assert seen == {"1.0", "2.0"}


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("name", ["wheels/inspector_line-1.0-py3-none-any.whl", "kit.json"])
def test_a_damaged_file_is_named_and_nothing_is_installed(
    tmp_path: Path, places: install.Places, name: str
) -> None:
    kit = fake_kit(tmp_path / "kit", "1.0")
    data = bytearray((kit / name).read_bytes())
    data[len(data) // 2] ^= 1
    (kit / name).write_bytes(data)
    with pytest.raises(install.KitError, match=f"{name}: is damaged"):
        install.install(kit, places)
    (kit / name).unlink()
    with pytest.raises(install.KitError, match=f"{name}: is missing"):
        install.install(kit, places)
    assert not places.prefix.exists()


def test_what_somebody_added_is_no_part_of_the_kit(tmp_path: Path) -> None:
    kit = fake_kit(tmp_path / "kit", "1.0")
    install.verify(kit)
    (kit / "wheels" / "extra-1.0-py3-none-any.whl").write_bytes(b"x")
    with pytest.raises(install.KitError, match=r"extra-1\.0"):
        install.verify(kit)


def test_checksums_are_those_of_sha256sum(tmp_path: Path) -> None:
    kit = fake_kit(tmp_path / "kit", "1.0")
    command = ["sha256sum", "--check", "--strict", "--quiet", install.SUMS]
    done = subprocess.run(command, cwd=kit, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_environment_that_cannot_be_made_leaves_the_version_that_runs(
    tmp_path: Path, places: install.Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "_make_environment", _made_quickly)
    install.install(fake_kit(tmp_path / "kit1", "1.0"), places)

    def broken(_kit: Path, folder: Path) -> None:
        folder.mkdir()
        raise install.KitError("pip failed")

    monkeypatch.setattr(install, "_make_environment", broken)
    with pytest.raises(install.KitError, match="pip failed"):
        install.install(fake_kit(tmp_path / "kit2", "2.0"), places)
    assert install.target_of(places.current) == "1.0"
    assert not (places.prefix / "2.0").exists()


def _made_quickly(_kit: Path, folder: Path) -> None:
    (folder / "bin").mkdir(parents=True)


def test_a_version_that_was_broken_off_is_made_anew(
    tmp_path: Path, places: install.Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "_make_environment", _made_quickly)
    (places.prefix / "1.0" / "half").mkdir(parents=True)
    install.install(fake_kit(tmp_path / "kit", "1.0"), places)
    assert not (places.prefix / "1.0" / "half").exists()


def test_another_kit_of_the_same_version_is_refused(
    tmp_path: Path, places: install.Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "_make_environment", _made_quickly)
    kit = fake_kit(tmp_path / "kit", "1.0")
    install.install(kit, places)
    install.install(kit, places)  # once more is nothing
    (kit / install.ABOUT).write_text((kit / install.ABOUT).read_text() + "\n")
    make_kit.write_sums(kit)
    with pytest.raises(install.KitError, match="another kit of version"):
        install.install(kit, places)


def test_nothing_to_go_back_to_is_said(places: install.Places) -> None:
    with pytest.raises(install.KitError, match="no version to go back to"):
        install.roll_back(places)


@pytest.mark.parametrize("told", [{"python": "3.9", "machine": "x"}, {"machine": "vax"}])
def test_another_python_or_machine_is_refused_in_words(
    tmp_path: Path, told: dict[str, str]
) -> None:
    right = install.about(fake_kit(tmp_path / "kit", "1.0"))
    with pytest.raises(install.KitError, match="this kit is for"):
        install.check_fits(right | told)


def test_units_name_the_folders_of_this_pc(tmp_path: Path, places: install.Places) -> None:
    kit = fake_kit(tmp_path / "kit", "1.0")
    written = install.write_units(kit, places)
    assert [path.name for path in written] == [
        "inspector-station.service",
        "inspector-panel.service",
    ]
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert "@" not in text.replace("getty@tty1", "")
        assert f"{places.prefix}/current/bin/inspector" in text
    (station,) = install.write_units(kit, replace(places, panel="desktop"))
    assert station.name == "inspector-station.service"
    entry = places.prefix / "share" / "inspector-panel.desktop"
    assert f"INSPECTOR_DATA={places.data} " in entry.read_text(encoding="utf-8")
