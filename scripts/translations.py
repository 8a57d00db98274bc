"""What of the panel is not translated, or translated for nobody any more.

    python scripts/translations.py                     list it
    python scripts/translations.py --into ja/review.ts write what is missing there, to be filled in

Needs the lupdate that comes with PyQt6.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

sys.path.insert(0, str(Path(__file__).parents[1]))

from PyQt6.lupdate.lupdate import lupdate

from inspector.panel.translation import sources

PANEL = Path(__file__).parents[1] / "inspector/panel"
EMPTY = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n<TS version="2.1"></TS>\n'

Message = tuple[str, str]
"""Context and source."""


def needed(panel: Path = PANEL) -> set[Message]:
    """Every message that the panel's source asks for."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "fresh.ts"
        fresh.write_text(EMPTY, encoding="utf-8")
        lupdate([str(path) for path in sorted(panel.rglob("*.py"))], [str(fresh)])  # type: ignore[no-untyped-call]  # comes without types
        return {(context, source) for context, source, _ in messages(fresh.read_text("utf-8"))}


def messages(ts: str) -> list[tuple[str, str, str]]:
    """Context, source, and finished translation or "" of every message of a file."""
    found = []
    for context in ET.fromstring(ts).iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            done = translation is not None and not translation.get("type")
            words = (translation.text or "") if translation is not None and done else ""
            name = context.findtext("name", "")
            found.append((name, message.findtext("source", ""), words))
    return found


def translated(code: str = "ja") -> list[Message]:
    """Every message that has a translation; one in two places stands twice."""
    return [
        (context, source)
        for text in sources(code)
        for context, source, words in messages(text)
        if words
    ]


def add(path: Path, missing: set[Message]) -> None:
    """Append unfinished messages to a file, made where there is none."""
    text = path.read_text(encoding="utf-8") if path.exists() else EMPTY
    root = ET.fromstring(text)
    root.set("language", "ja_JP")
    there = {(context, source) for context, source, _ in messages(text)}
    for name, source in sorted(missing - there):
        context = next((c for c in root.iter("context") if c.findtext("name") == name), None)
        if context is None:
            context = ET.SubElement(root, "context")
            ET.SubElement(context, "name").text = name
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "source").text = source
        ET.SubElement(message, "translation", type="unfinished")
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode", short_empty_elements=False)
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', "utf-8")


def main() -> int:
    """List, or add."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--into", help="file below the translations, as ja/review.ts")
    into = parser.parse_args().into
    wanted, there = needed(), set(translated())
    for context, source in sorted(wanted - there):
        print(f"missing    {context}: {source}")
    for context, source in sorted(there - wanted):
        print(f"left over  {context}: {source}")
    if into:
        add(PANEL / "translations" / into, wanted - there)
    return int(bool(wanted ^ there))


if __name__ == "__main__":
    sys.exit(main())
