"""The software bill of materials: every wheel and Debian package of a kit, as CycloneDX 1.6 JSON.

Names, versions and licences are those that the packages state of themselves; where one states none
that table of ``docs/dependencies.md`` is asked that people keep.
"""

from __future__ import annotations

import email.parser
import re
import subprocess
import uuid
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

from scripts.install import sha256

_LONGEST_NAME = 100
"""Some state the whole text as their licence."""


@dataclass(frozen=True)
class Component:
    """One package of the kit."""

    name: str
    version: str
    licence: str
    purl: str
    sha256: str

    def plain(self) -> dict[str, Any]:
        """As CycloneDX has it."""
        licence = {"licenses": [{"license": {"name": self.licence}}]} if self.licence else {}
        return {
            "type": "library",
            "bom-ref": self.purl,
            "name": self.name,
            "version": self.version,
            "purl": self.purl,
            "hashes": [{"alg": "SHA-256", "content": self.sha256}],
            **licence,
        }


def canonical(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licences_of_table(table: Path) -> dict[str, str]:
    """Licences by package, as ``docs/dependencies.md`` has them."""
    rows = [line for line in table.read_text(encoding="utf-8").splitlines() if line[:2] == "| "]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[1:]]
    return {canonical(row[1]): row[-1] for row in cells}


def of_wheel(path: Path, known: Mapping[str, str]) -> Component:
    """What a wheel says of itself."""
    told = metadata_of(path)
    name = canonical(told["Name"])
    version = told["Version"]
    licence = known.get(name) or _stated(told)
    return Component(name, version, licence, f"pkg:pypi/{name}@{version}", sha256(path))


def metadata_of(path: Path) -> Message:
    """The METADATA of a wheel."""
    with zipfile.ZipFile(path) as wheel:
        name = next(one for one in wheel.namelist() if one.endswith(".dist-info/METADATA"))
        return email.parser.Parser().parsestr(wheel.read(name).decode("utf-8"))


def _stated(told: Message) -> str:
    for key in ("License-Expression", "License"):
        value = str(told.get(key) or "").strip()
        if value and "\n" not in value and len(value) <= _LONGEST_NAME and value != "UNKNOWN":
            return value
    marks = [str(mark) for mark in told.get_all("Classifier") or []]
    names = [mark.rpartition(" :: ")[2] for mark in marks if mark.startswith("License :: ")]
    return " AND ".join(names)


def of_deb(path: Path) -> Component:
    """What a Debian package says of itself; its licence text is in it, below /usr/share/doc."""
    told = subprocess.run(
        ["dpkg-deb", "--field", str(path), "Package", "Version", "Architecture"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    fields = dict(line.split(": ", 1) for line in told.splitlines())
    name, version = fields["Package"], fields["Version"]
    purl = f"pkg:deb/debian/{name}@{version}?arch={fields['Architecture']}"
    return Component(name, version, "", purl, sha256(path))


def bill(version: str, components: Iterable[Component], time: str) -> dict[str, Any]:
    """The whole document; ``time`` is UTC, ISO 8601."""
    parts = [component.plain() for component in components]
    seed = "".join(part["hashes"][0]["content"] for part in parts)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, seed)}",
        "version": 1,
        "metadata": {
            "timestamp": time,
            "component": {"type": "application", "name": "inspector-line", "version": version},
        },
        "components": parts,
    }
