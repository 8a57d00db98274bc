"""What a kit is made of: bill of materials, refusals, the tar."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from scripts import bootstrap, install, make_kit
from scripts.kit import bill, debs, wheels
from tests.kit.fake_kit import ROOT, fake_kit, fake_wheel


def test_the_bill_names_each_wheel_with_version_licence_and_digest(tmp_path: Path) -> None:
    path = fake_wheel(tmp_path, "1.2")
    component = bill.of_wheel(path, {})
    assert component.name == "inspector-line"
    assert component.licence == "MIT"
    document = bill.bill("1.2", [component], "2026-01-01T00:00:00+00:00")
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    (part,) = document["components"]
    assert part["purl"] == "pkg:pypi/inspector-line@1.2"
    assert part["hashes"] == [{"alg": "SHA-256", "content": install.sha256(path)}]
    assert part["licenses"] == [{"license": {"name": "MIT"}}]


def test_licences_that_people_looked_up_go_before_what_packages_say(tmp_path: Path) -> None:
    known = bill.licences_of_table(ROOT / "docs" / "dependencies.md")
    assert known["pyserial"] == "BSD-3-Clause"
    assert known["pyqt6"] == "GPL-3.0-only"
    path = fake_wheel(tmp_path, "1.0")
    assert bill.of_wheel(path, {"inspector-line": "Apache-2.0"}).licence == "Apache-2.0"


@pytest.mark.parametrize(("extra", "why"), [("demo", "evaluation only"), ("dev", "tests")])
def test_what_may_not_be_passed_on_is_refused(extra: str, why: str) -> None:
    with pytest.raises(bootstrap.SetupError, match=why):
        wheels.check_extras(["plc", extra])


def test_pycuda_is_built_where_cuda_is_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    for extra in ("cuda", "gpu"):
        with pytest.raises(bootstrap.SetupError, match="nvcc is not here"):
            wheels.check_extras([extra])
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    (note,) = wheels.check_extras(["gpu"])
    assert "NVIDIA" in note


def test_a_kit_never_replaces_another(tmp_path: Path) -> None:
    given = make_kit._arguments([str(tmp_path)])
    with pytest.raises(bootstrap.SetupError, match="is there already"):
        make_kit.make(wheels.Wanted(ROOT), tmp_path, given)


def test_a_kit_that_cannot_be_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_wanted: wheels.Wanted, _folder: Path) -> None:
        raise bootstrap.SetupError("no package index")

    monkeypatch.setattr(wheels, "build", fails)
    out = tmp_path / "kit"
    with pytest.raises(bootstrap.SetupError, match="no package index"):
        make_kit.make(wheels.Wanted(ROOT), out, make_kit._arguments([str(out)]))
    assert not list(tmp_path.iterdir())


def test_the_folder_is_made_of_source_configuration_and_places_for_what_is_brought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wheels, "build", lambda _wanted, folder: fake_wheel(folder, "1.0"))
    (tmp_path / "driver").mkdir()
    (tmp_path / "driver" / "libnvinfer.deb").write_bytes(b"x")
    (tmp_path / "own.safetensors").write_bytes(b"y")
    out = tmp_path / "kit"
    given = make_kit._arguments(
        [
            *(str(out), "--nvidia", str(tmp_path / "driver"), "--build", "7"),
            *("--weights", str(tmp_path / "own.safetensors")),
        ]
    )
    make_kit.make(wheels.Wanted(ROOT), out, given)
    install.verify(out)
    assert install.about(out)["version"] == "1.0-7"
    assert (out / "nvidia" / "libnvinfer.deb").is_file()
    assert (out / "weights" / "own.safetensors").is_file()
    assert (out / "configs" / "line.yaml").is_file()
    assert (out / install.REQUIREMENTS).read_text() == "inspector-line==1.0\n"


def test_the_tar_holds_the_folder_and_has_a_checksum(tmp_path: Path) -> None:
    path = make_kit.write_tar(fake_kit(tmp_path / "kit", "1.0"))
    with tarfile.open(path) as tar:
        tar.extractall(tmp_path / "out", filter="data")
    install.verify(tmp_path / "out" / "kit")
    assert (tmp_path / "kit.tar.sha256").read_text().startswith(install.sha256(path))


def test_debian_packages_are_those_of_the_panel_and_the_kiosk() -> None:
    wanted = debs.wanted_packages()
    assert {"fonts-vlgothic", "libxcb-cursor0", "cage"} <= set(wanted)
    assert not {"xvfb", "gcc"} & set(wanted)
