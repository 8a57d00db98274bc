"""A kit that is made in a moment: Inspector is a wheel of one line that says its version."""

from __future__ import annotations

import ensurepip
import json
import platform
import shutil
import sys
import zipfile
from pathlib import Path

from scripts import install, make_kit

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "scripts"


def fake_wheel(folder: Path, version: str) -> Path:
    """A wheel of ``inspector-line`` whose command prints its version."""
    path = folder / f"inspector_line-{version}-py3-none-any.whl"
    about = f"inspector_line-{version}.dist-info"
    files = {
        "inspector_fake.py": f"def main():\n    print({version!r})\n",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: inspector-line\nVersion: {version}\n"
        "License-Expression: MIT\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
        f"{about}/entry_points.txt": "[console_scripts]\ninspector = inspector_fake:main\n",
    }
    record = "".join(f"{name},,\n" for name in [*files, f"{about}/RECORD"])
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in (files | {f"{about}/RECORD": record}).items():
            wheel.writestr(name, text)
    return path


def fake_kit(folder: Path, version: str) -> Path:
    """A whole kit of this version, with its checksums."""
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    fake_wheel(wheels, version)
    (pip,) = (Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl")
    shutil.copy2(pip, wheels)
    (folder / "configs" / "products").mkdir(parents=True)
    (folder / "configs" / "line.yaml").write_text(f"# as {version} brought it\n")
    (folder / "configs" / "products" / "p.yaml").write_text("product: p\n")
    shutil.copytree(SCRIPTS / "kit" / "units", folder / "units")
    for name in ("install.py", "install.sh"):
        shutil.copy2(SCRIPTS / name, folder / name)
    (folder / install.REQUIREMENTS).write_text(f"inspector-line=={version}\n")
    told = {
        "version": version,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "machine": platform.machine(),
    }
    (folder / install.ABOUT).write_text(json.dumps(told, indent=1))
    make_kit.write_sums(folder)
    return folder
