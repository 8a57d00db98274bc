"""Which system libraries and programs the tests need, and the packages that bring them.

The wheels bring nearly everything; Qt's xcb platform and a virtual display come from the system,
and so do Aravis and the broker mosquitto, which are optional: without them the tests of Aravis'
cameras and of MQTT are skipped. Standard library only.
"""

from __future__ import annotations

import ctypes
import shutil
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path

LIBRARIES: Mapping[str, str] = {
    "libdbus-1-3": "libdbus-1.so.3",
    "libegl1": "libEGL.so.1",
    "libfontconfig1": "libfontconfig.so.1",
    "libgl1": "libGL.so.1",
    "libglib2.0-0": "libglib-2.0.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-image0": "libxcb-image.so.0",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-randr0": "libxcb-randr.so.0",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxkbcommon0": "libxkbcommon.so.0",
}
PROGRAMS: Mapping[str, str] = {"gcc": "gcc", "xauth": "xauth", "xvfb": "xvfb-run"}
JAPANESE_FONTS: Mapping[str, str] = {"fonts-vlgothic": "VL-Gothic-Regular.ttf"}
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
BROKER: Mapping[str, str] = {"mosquitto": "mosquitto"}
PACKAGES = (*JAPANESE_FONTS, *LIBRARIES, *PROGRAMS)
ARAVIS: Mapping[str, str] = {
    "aravis-tools": "bin/arv-fake-gv-camera-0.8",
    "gir1.2-aravis-0.8": "lib/*/girepository-1.0/Aravis-0.8.typelib",
    "libcairo2-dev": "lib/*/pkgconfig/cairo.pc",
    "libgirepository1.0-dev": "lib/*/pkgconfig/gobject-introspection-1.0.pc",
    "pkg-config": "bin/pkg-config",
}
"""Files below /usr. The last three build PyGObject, of which there are no wheels."""
POSTGRESQL: Mapping[str, str] = {"postgresql": "lib/postgresql/*/bin"}
"""Folder of the server's programs below /usr; optional: without it tests are skipped."""


def loads(library: str) -> bool:
    """True when the dynamic linker finds the library; what brought it does not matter."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_program(name: str) -> bool:
    """True when the program is on the PATH."""
    return shutil.which(name) is not None


def has_font(file_name: str) -> bool:
    """True when the font file is in a system font folder."""
    return any(next(folder.rglob(file_name), None) for folder in FONT_FOLDERS if folder.is_dir())


def can_have_aravis(system: Path = Path("/usr")) -> bool:
    """True when PyGObject can be built here, and Aravis and its fake camera are there."""
    headers = Path(sysconfig.get_path("include")) / "Python.h"
    return headers.exists() and all(any(system.glob(name)) for name in ARAVIS.values())


def postgresql_programs(system: Path = Path("/usr")) -> Path | None:
    """The newest server's folder of programs; None where there is none."""
    found = [path for path in system.glob(POSTGRESQL["postgresql"]) if (path / "initdb").exists()]
    return max(found, key=lambda path: float(path.parent.name), default=None)


def missing_packages(
    library: Callable[[str], bool] = loads,
    program: Callable[[str], bool] = has_program,
    font: Callable[[str], bool] = has_font,
) -> tuple[str, ...]:
    """Debian's names of what is not there, in the order of ``PACKAGES``."""
    lacks = {package for package, name in LIBRARIES.items() if not library(name)}
    lacks |= {package for package, name in PROGRAMS.items() if not program(name)}
    lacks |= {package for package, name in JAPANESE_FONTS.items() if not font(name)}
    return tuple(package for package in PACKAGES if package in lacks)


def install_command(packages: tuple[str, ...]) -> str:
    """What to type to install the packages."""
    return "sudo apt-get install -y --no-install-recommends " + " ".join(packages)
