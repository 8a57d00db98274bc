"""Folders that pictures may be fetched from: sticks, and the data folder's own."""

from __future__ import annotations

from pathlib import Path

from inspector.office.room import Room
from inspector.panel.sticks import sticks


def folders_of(room: Room) -> list[Path]:
    """Sticks, the data folder's ``pictures``, and what lies one folder deep in them."""
    roots = [*sticks(), room.data_folder / "pictures"]
    there = [root for root in roots if root.is_dir()]
    deep = [sub for root in there for sub in sorted(root.iterdir()) if sub.is_dir()]
    return [*there, *(one for one in deep if not one.name.startswith("."))]
