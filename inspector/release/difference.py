"""What changed between two versions of plain values, key by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from inspector.core.section import Section


class Change(Section):
    """One key whose value changed; None stands for a key that is not there."""

    key: str
    old: JsonValue = None
    new: JsonValue = None

    def __str__(self) -> str:
        return f"{self.key}: {self.old} -> {self.new}"


def changes(old: Mapping[str, JsonValue], new: Mapping[str, JsonValue]) -> tuple[Change, ...]:
    """Every key, dotted, whose value is not the same; in the order of the keys."""
    before, after = dict(_leaves(old, "")), dict(_leaves(new, ""))
    return tuple(
        Change(key=key, old=before.get(key), new=after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    )


def _leaves(
    value: JsonValue | Mapping[str, JsonValue], place: str
) -> Iterator[tuple[str, JsonValue]]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{place}.{key}" if place else key)
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{place}[{index}]")
    else:
        yield place, value  # type: ignore[misc]  # an empty mapping is JSON as well
