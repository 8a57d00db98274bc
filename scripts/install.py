"""Install, update or roll back Inspector from its kit, without network: ``python3 install.py``.

Standard library only; the kit brings everything else. Each version has a folder of its own,
``PREFIX/VERSION``; ``PREFIX/current`` names the one that runs and is switched in one step,
``PREFIX/previous`` the one before. Configuration and data lie elsewhere and stay as they are.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SUMS = "SHA256SUMS"
ABOUT = "kit.json"
REQUIREMENTS = "requirements.txt"
_COMPLETE = "kit.json"
_CURRENT, _PREVIOUS = "current", "previous"
_UNITS = ("inspector-station.service", "inspector-panel.service")
_DESKTOP = "inspector-panel.desktop"
_GROUPS = ("dialout", "plugdev", "render", "video")
"""Groups of serial lines, cameras and GPUs; those that are there are given to the service."""
_COMMAND = """\
#!/bin/sh
# The version that runs, on this station's configuration and data
export INSPECTOR_DATA="${{INSPECTOR_DATA:-{data}}}"
export INSPECTOR_CONFIG="${{INSPECTOR_CONFIG:-{config}}}"
exec {prefix}/current/bin/inspector "$@"
"""
_ROLLBACK = """\
#!/bin/sh
# The version before this one runs again: sudo inspector-rollback
exec {python} {installer} --rollback --prefix {prefix} "$@"
"""


class KitError(Exception):
    """The kit cannot be installed; the text names the file and says what to do."""


@dataclass(frozen=True)
class Places:
    """Where things go."""

    prefix: Path
    data: Path
    config: Path
    units: Path
    user: str
    panel: str
    system: bool
    """False: files alone; no user, no Debian packages, no services."""

    @property
    def current(self) -> Path:
        """The version that runs."""
        return self.prefix / _CURRENT

    @property
    def previous(self) -> Path:
        """The version before."""
        return self.prefix / _PREVIOUS


def sha256(path: Path) -> str:
    """Lower-case hex of a file's contents."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_sums(kit: Path) -> dict[str, str]:
    """Digest of each file of the kit, by its path in it. Raises ``KitError``."""
    try:
        lines = (kit / SUMS).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise KitError(f"{kit / SUMS}: cannot be read: this kit is not whole") from error
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def verify(kit: Path) -> None:
    """Compare every file with the list. Raises ``KitError`` with the first that differs."""
    sums = read_sums(kit)
    for name, digest in sums.items():
        path = kit / name
        if not path.is_file():
            raise KitError(f"{path}: is missing: copy the kit again")
        if sha256(path) != digest:
            raise KitError(f"{path}: is damaged: copy the kit again")
    for path in sorted(kit.rglob("*")):
        name = path.relative_to(kit).as_posix()
        if path.is_file() and name not in sums and name != SUMS and "__pycache__" not in name:
            raise KitError(f"{path}: is not part of this kit: take it away")


def about(kit: Path) -> dict[str, str]:
    """What the kit is: version, Python, platform. Raises ``KitError``."""
    try:
        content: dict[str, str] = json.loads((kit / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KitError(f"{kit / ABOUT}: cannot be read: this kit is not whole") from error
    return content


def check_fits(told: Mapping[str, str]) -> None:
    """Raises ``KitError`` on another Python or machine than the kit was made for."""
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    if told["python"] != here:
        raise KitError(
            f"this kit is for Python {told['python']}, this is {here}: "
            f"start it with python{told['python']}"
        )
    if told["machine"] != platform.machine():
        raise KitError(f"this kit is for {told['machine']}, this PC is {platform.machine()}")


# -- one version ----------------------------------------------------------------------------------


def make_version(kit: Path, told: Mapping[str, str], places: Places) -> Path:
    """The folder of the kit's version, made or there already; never half-made under its name."""
    folder = places.prefix / told["version"]
    mark = folder / _COMPLETE
    if mark.is_file():
        if mark.read_bytes() != (kit / ABOUT).read_bytes():
            raise KitError(
                f"{folder}: another kit of version {told['version']} is installed: "
                "remove that folder, or make the kit with another version"
            )
        return folder
    if folder.exists():
        print(f"{folder}: was broken off half-way; it is made anew")
        shutil.rmtree(folder)
    try:
        _make_environment(kit, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if (kit / "docs").is_dir():
        shutil.copytree(kit / "docs", folder / "docs")
    _write(mark, (kit / ABOUT).read_bytes())
    return folder


def _make_environment(kit: Path, folder: Path) -> None:
    """A virtual environment with the kit's wheels; no index and no network is asked."""
    _run(sys.executable, "-m", "venv", "--without-pip", str(folder))
    python, wheels = str(folder / "bin/python"), kit / "wheels"
    pip = next(iter(sorted(wheels.glob("pip-*.whl"))), None)
    if pip is None:
        raise KitError(f"{wheels}: holds no pip: this kit is not whole")
    links = [f"--find-links={path}" for path in (wheels, kit / "nvidia") if path.is_dir()]
    _run(
        *(python, str(pip / "pip"), "install", "--no-index", *links, "--no-input", "--no-deps"),
        *("--disable-pip-version-check", "--no-cache-dir", "--quiet"),
        *("--requirement", str(kit / REQUIREMENTS)),
    )
    _run(str(folder / "bin/inspector"), "--help")


def switch(places: Places, version: Path) -> None:
    """Let this version be the one that runs; the one that ran is the previous one from now on."""
    before = target_of(places.current)
    if before == version.name:
        return
    if before is not None:
        _point(places.previous, before)
    _point(places.current, version.name)


def target_of(link: Path) -> str | None:
    """The version that a link names; None without one."""
    return os.readlink(link) if link.is_symlink() else None  # noqa: PTH115  # its very text


def _point(link: Path, target: str) -> None:
    """At every moment the link is there and names the old version or the new one."""
    new = link.with_name(f".{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(link)
    _sync(link.parent)


def roll_back(places: Places) -> str:
    """The previous version runs again; returns which. Raises ``KitError`` when there is none."""
    before, previous = target_of(places.current), target_of(places.previous)
    if previous is None or not (places.prefix / previous / _COMPLETE).is_file():
        raise KitError(f"{places.previous}: there is no version to go back to")
    _point(places.current, previous)
    if before is not None:
        _point(places.previous, before)
    return previous


def forget_others(places: Places) -> None:
    """Remove versions that are neither current nor previous."""
    kept = {target_of(places.current), target_of(places.previous)}
    for folder in places.prefix.iterdir():
        if (folder / _COMPLETE).is_file() and not folder.is_symlink() and folder.name not in kept:
            shutil.rmtree(folder)


# -- what is around it ----------------------------------------------------------------------------


def keep_or_bring(kit: Path, places: Places) -> None:
    """Folders of configuration and data; files that are there stay as they are."""
    places.data.mkdir(parents=True, exist_ok=True)
    for path in sorted((kit / "configs").rglob("*.yaml")):
        target = places.config / path.relative_to(kit / "configs")
        if not target.exists():
            _write(target, path.read_bytes())


def bring_commands(kit: Path, places: Places) -> None:
    """``inspector`` and ``inspector-rollback``; the latter needs no version that works."""
    folder = places.prefix / "bin"
    installer = folder / "install.py"
    _write(installer, (kit / "install.py").read_bytes())
    text = _ROLLBACK.format(python=sys.executable, installer=installer, prefix=places.prefix)
    _write(folder / "inspector-rollback", text.encode(), mode=0o755)
    text = _COMMAND.format(prefix=places.prefix, data=places.data, config=places.config)
    _write(folder / "inspector", text.encode(), mode=0o755)


def write_units(kit: Path, places: Places) -> list[Path]:
    """The units with this PC's folders; returns those that are written."""
    wanted = [name for name in _UNITS if "panel" not in name or places.panel == "kiosk"]
    written = []
    for name in wanted:
        _write(places.units / name, _filled(kit / "units" / name, places))
        written.append(places.units / name)
    if places.panel == "desktop":
        entry = places.prefix / "share" / _DESKTOP
        _write(entry, _filled(kit / "units" / _DESKTOP, places))
        if places.system:
            _write(Path("/etc/xdg/autostart") / _DESKTOP, entry.read_bytes())
    return written


def _filled(template: Path, places: Places) -> bytes:
    text = template.read_text(encoding="utf-8")
    values = {
        "PREFIX": str(places.prefix),
        "DATA": str(places.data),
        "CONFIG": str(places.config),
        "USER": places.user,
        "GROUPS": " ".join(group for group in _GROUPS if _has_group(group)),
    }
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text.encode()


def _has_group(name: str) -> bool:
    import grp  # noqa: PLC0415  # POSIX alone

    try:
        grp.getgrnam(name)
    except KeyError:
        return False
    return True


def prepare_system(kit: Path, places: Places) -> None:
    """Debian packages that are missing, and the user that the station runs as."""
    debs = missing_debs(kit / "debs")
    if debs:
        _run("dpkg", "--install", *map(str, debs))
    found = subprocess.run(["id", places.user], capture_output=True, check=False)
    if found.returncode:
        _run(
            *("useradd", "--system", "--user-group", "--shell", "/usr/sbin/nologin"),
            *("--home-dir", str(places.data), places.user),
        )


def missing_debs(folder: Path) -> list[Path]:
    """Packages of the kit that this PC has in no version: nothing that is there is changed."""
    if not folder.is_dir():
        return []
    told = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${db:Status-Abbrev} ${Package}\n"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    installed = {line.split()[1] for line in told.splitlines() if line.startswith("ii")}
    return [
        path for path in sorted(folder.glob("*.deb")) if path.name.split("_")[0] not in installed
    ]


def own(places: Places) -> None:
    """Data belong to the service alone; it may read the configuration."""
    _run("chown", "--recursive", f"{places.user}:{places.user}", str(places.data))
    places.data.chmod(0o700)
    _run("chown", "--recursive", f"root:{places.user}", str(places.config))


def start_services(units: Sequence[Path]) -> None:
    """Take the units as they are now; a station that ran, runs the new version afterwards."""
    _run("systemctl", "daemon-reload")
    for unit in units:
        _run("systemctl", "enable", unit.name)
    _run("systemctl", "try-restart", *(unit.name for unit in units))


# -- small things ---------------------------------------------------------------------------------


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = "\n".join(f"    {line}" for line in (done.stdout + done.stderr).splitlines()[-12:])
        raise KitError(f"{' '.join(command)} failed ({done.returncode}):\n{said}")


def _write(path: Path, data: bytes, mode: int = 0o644) -> None:
    """The whole file or the one before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.chmod(mode)
    part.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def install(kit: Path, places: Places) -> Path:
    """All of it; returns the folder of the version that runs. Raises ``KitError``."""
    print("Checking the kit ...", flush=True)
    verify(kit)
    told = about(kit)
    check_fits(told)
    places.prefix.mkdir(parents=True, exist_ok=True)
    if places.system:
        prepare_system(kit, places)
    print(f"Installing version {told['version']} ...", flush=True)
    version = make_version(kit, told, places)
    keep_or_bring(kit, places)
    bring_commands(kit, places)
    units = write_units(kit, places)
    if places.system:
        own(places)
        for name in ("inspector", "inspector-rollback"):
            _point(Path("/usr/local/bin") / name, str(places.prefix / "bin" / name))
    switch(places, version)
    forget_others(places)
    if places.system:
        start_services(units)
    return version


def _next_steps(places: Places) -> str:
    if not places.system or (places.data / "access" / "users.json").exists():
        return ""
    return (
        f"Next: edit {places.config / 'line.yaml'}, look with inspector doctor, then\n"
        f"  sudo -u {places.user} inspector users recover   # makes the first administrator\n"
        "  sudo systemctl start inspector-station\n"
        f"More: {places.current / 'docs/install.md'}"
    )


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Install, update or roll back Inspector.")
    parser.add_argument("--prefix", type=Path, default=Path("/opt/inspector"))
    parser.add_argument("--data", type=Path, default=Path("/var/lib/inspector"))
    parser.add_argument("--config", type=Path, default=Path("/etc/inspector"))
    parser.add_argument("--units", type=Path, default=Path("/etc/systemd/system"))
    parser.add_argument("--user", default="inspector", help="that the station runs as")
    parser.add_argument(
        "--panel",
        choices=("none", "kiosk", "desktop"),
        default="none",
        help="kiosk: the screen shows the panel alone; desktop: at log-in of the service's user",
    )
    parser.add_argument(
        "--no-system", action="store_true", help="files alone: no user, packages or services"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--rollback", action="store_true", help="the previous version runs again")
    what.add_argument("--verify", action="store_true", help="check the kit, change nothing")
    return parser.parse_args(given)


def main(given: Sequence[str]) -> int:
    """0 done, 2 refused with the reason in one line."""
    arguments = _arguments(given)
    places = Places(
        prefix=arguments.prefix.absolute(),
        data=arguments.data.absolute(),
        config=arguments.config.absolute(),
        units=arguments.units.absolute(),
        user=arguments.user,
        panel=arguments.panel,
        system=not arguments.no_system,
    )
    kit = Path(__file__).resolve().parent
    try:
        if arguments.verify:
            verify(kit)
            print("The kit is whole.")
        elif arguments.rollback:
            print(f"Version {roll_back(places)} runs again.")
            if places.system:
                with contextlib.suppress(FileNotFoundError):  # a PC without systemd
                    _run("systemctl", "try-restart", *_UNITS)
        else:
            print(f"{install(kit, places)} is installed and current.\n{_next_steps(places)}")
    except (KitError, OSError) as error:
        print(f"install: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
