"""The computer itself: Python, processor, memory, GPU, display, fonts, disk, clock."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import psutil

from inspector.doctor.finding import Finding, Status

NEEDED_MEMORY_GIB = 4.0
NEEDED_DISK_GIB = 10.0
VECTOR_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8")
JAPANESE_FONTS = ("*gothic*", "*cjk*", "ipa*", "takao*", "meiryo*", "*hiragino*")
FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("~/.local/share/fonts"),
    Path("~/.fonts"),
    Path("C:/Windows/Fonts"),
)


def python() -> Finding:
    """The interpreter; too old a one does not come this far."""
    return Finding(
        "machine", "Python", Status.OK, f"{platform.python_version()} ({sys.executable})"
    )


def operating_system() -> Finding:
    """Linux is supported; the rest may work in parts."""
    found = platform.platform()
    if platform.system() == "Linux":
        return Finding("machine", "system", Status.OK, found)
    remedy = "Linux is supported; on other systems only parts were tested"
    return Finding("machine", "system", Status.WARN, found, remedy)


def cpu(flags: str | None = None) -> Finding:
    """Cores and vector instructions. ``flags``: words as in Linux's /proc/cpuinfo."""
    cores = psutil.cpu_count(logical=False) or 0
    logical = psutil.cpu_count() or 0
    words = f"{cores or 'unknown'} cores, {logical} threads"
    flags = _cpu_flags() if flags is None else flags
    if not flags:
        return Finding("machine", "CPU", Status.OK, f"{words}, vector instructions unknown")
    has = [flag for flag in VECTOR_FLAGS if flag in flags.split()]
    if "avx2" not in has:
        remedy = "Inference will be slow: use a processor with AVX2, better with AVX-512 VNNI"
        return Finding("machine", "CPU", Status.WARN, f"{words}, no AVX2", remedy)
    return Finding("machine", "CPU", Status.OK, f"{words}, {' '.join(has)}")


def _cpu_flags() -> str:
    lines = _text(Path("/proc/cpuinfo")).splitlines()
    return next((line.partition(":")[2] for line in lines if line.startswith("flags")), "")


def memory() -> Finding:
    """Physical memory."""
    total = psutil.virtual_memory().total / 2**30
    found = f"{total:.1f} GiB"
    if total < NEEDED_MEMORY_GIB:
        remedy = f"At least {NEEDED_MEMORY_GIB:.0f} GiB are wanted"
        return Finding("machine", "memory", Status.WARN, found, remedy)
    return Finding("machine", "memory", Status.OK, found)


def gpu() -> Finding:
    """NVIDIA GPU and driver, asked of nvidia-smi."""
    program = shutil.which("nvidia-smi")
    if program is None:
        remedy = "Only for the extras gpu and rtx: install the NVIDIA driver"
        return Finding("machine", "GPU", Status.MISSING, "no NVIDIA driver (nvidia-smi)", remedy)
    query = [program, "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]
    code, told = _run(query)
    if code or not told:
        remedy = "Check the driver: nvidia-smi must list the GPU"
        return Finding("machine", "GPU", Status.WARN, told or "nvidia-smi failed", remedy)
    return Finding("machine", "GPU", Status.OK, "; ".join(told.splitlines()))


def display(environment: Mapping[str, str] | None = None, system: str = sys.platform) -> Finding:
    """Where the panel would be shown."""
    environment = os.environ if environment is None else environment
    if system in ("win32", "darwin"):
        return Finding("panel", "display", Status.OK, "the desktop")
    for name in ("WAYLAND_DISPLAY", "DISPLAY"):
        if environment.get(name):
            return Finding("panel", "display", Status.OK, f"{name}={environment[name]}")
    remedy = "Start from a desktop session for the panel, or run with --headless"
    found = "neither DISPLAY nor WAYLAND_DISPLAY is set"
    return Finding("panel", "display", Status.MISSING, found, remedy)


def japanese_font(folders: tuple[Path, ...] = FONT_FOLDERS) -> Finding:
    """A font for the panel's Japanese."""
    for folder in folders:
        root = folder.expanduser()
        files = root.rglob("*.[to]t[cf]") if root.is_dir() else ()
        for file in files:
            if any(Path(file.name.lower()).match(pattern) for pattern in JAPANESE_FONTS):
                return Finding("panel", "Japanese font", Status.OK, str(file))
    remedy = "sudo apt-get install fonts-vlgothic"
    return Finding("panel", "Japanese font", Status.MISSING, "none found", remedy)


def data_folder(folder: Path) -> Finding:
    """The station's data folder: writable, with room. It is not created."""
    existing = next((p for p in (folder, *folder.parents) if p.exists()), Path(folder.anchor))
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
        free = shutil.disk_usage(existing).free / 2**30
    except OSError as error:
        remedy = "Choose another data_folder in the line's file, or mend its rights"
        found = f"{folder}: cannot be written ({error.strerror})"
        return Finding("storage", "data folder", Status.FAILURE, found, remedy)
    found = f"{folder}: writable, {free:.0f} GiB free"
    if free < NEEDED_DISK_GIB:
        remedy = f"Evidence wants at least {NEEDED_DISK_GIB:.0f} GiB: free some space"
        return Finding("storage", "data folder", Status.WARN, found, remedy)
    return Finding("storage", "data folder", Status.OK, found)


def clock(synchronised_mark: Path = Path("/run/systemd/timesync/synchronized")) -> Finding:
    """Whether records get the true time of day. Where nobody can tell, that is said."""
    if synchronised_mark.exists():
        return Finding("machine", "clock", Status.OK, "synchronised (systemd-timesyncd)")
    remedy = "Set up a time server (systemd-timesyncd or chrony): records carry this clock's time"
    program = shutil.which("timedatectl")
    told = _run([program, "show", "--property=NTPSynchronized", "--value"])[1] if program else ""
    if told == "yes":
        return Finding("machine", "clock", Status.OK, "synchronised")
    found = "not synchronised" if told == "no" else "unknown whether it is synchronised"
    return Finding("machine", "clock", Status.WARN, found, remedy)


def _run(command: list[str]) -> tuple[int, str]:
    """Exit code and output of a program that tells something."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=3.0, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 1, str(error)
    return done.returncode, done.stdout.strip()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
