"""What happens once: the first administrator, and the teaching of a demo product."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from inspector.access.users import Users
from inspector.cli.with_parent import run_with_parent
from inspector.core.camera_config import ReplayCamera, SimCamera
from inspector.core.errors import FaultError, InputError
from inspector.core.line_config import LineConfig
from inspector.station.devices import DEMO_SOURCE
from inspector.teaching.bundles import current_bundle
from inspector.teaching.solar import is_demo_product

RENDERED_PRODUCT = "sim-washer"

LICENCE_NOTE = (
    "The demo photographs (elpv-dataset) are licensed CC BY-NC-SA 4.0: evaluation only, not for "
    "commercial use."
)


def ensure_administrator(data_folder: Path) -> None:
    """Create the first administrator: the password is asked for, or generated and shown once."""
    users = Users(data_folder)
    if users.all:
        return
    password = _ask_password() if sys.stdin.isatty() and sys.stderr.isatty() else None
    generated = users.first_administrator(password)
    if generated is not None:
        print(
            f"First start: user 'administrator' was created with the password  {generated}\n"
            "It is shown this once only: write it down.",
            file=sys.stderr,
        )


def _ask_password() -> str | None:
    print("First start: choose a password for the user 'administrator' (8 characters or more).")
    print("Leave it empty to have one generated.")
    first = getpass.getpass("Password: ")
    if not first:
        return None
    if getpass.getpass("Again: ") != first:
        raise InputError("the two passwords differ", remedy="Start again")
    return first


def ensure_taught(config: LineConfig, line_file: Path, data_folder: Path) -> None:
    """Teach a demo product that was never taught here, in a process of its own."""
    camera = config.cameras[0]
    solar = isinstance(camera, ReplayCamera) and camera.source == DEMO_SOURCE
    solar = solar and is_demo_product(config.product)
    rendered = isinstance(camera, SimCamera) and config.product == RENDERED_PRODUCT
    if not (solar or rendered) or current_bundle(data_folder, config.product) is not None:
        return
    if isinstance(camera, SimCamera):
        dataset = str(_rendered(camera, data_folder))
    else:
        print(LICENCE_NOTE, file=sys.stderr)
        dataset = f"demo:{config.product}"
    print(f"Teaching the demo product {config.product}: once, about a minute.", file=sys.stderr)
    _inspector("teach", dataset, "--product", config.product, "--line", str(line_file))


def _rendered(camera: SimCamera, data_folder: Path) -> Path:
    folder = data_folder / "rendered" / f"{camera.scene}-{camera.width}-{camera.seed}"
    if not folder.exists():
        _inspector("render", str(folder), "--size", str(camera.width), "--seed", str(camera.seed))
    return folder


def _inspector(*arguments: str) -> None:
    code = run_with_parent([sys.executable, "-m", "inspector", *arguments])
    if code != 0:
        raise FaultError(
            f"inspector {arguments[0]} ended with code {code}",
            remedy="See its message above",
        )
