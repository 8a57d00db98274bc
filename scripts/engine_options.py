"""The options of every engine, as Markdown tables in docs/engines.md.

.venv/bin/python -m scripts.engine_options            # write them anew
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from inspector.core.engine_spec import EngineSpec

PAGE = Path(__file__).parents[1] / "docs/engines.md"
BEGIN, END = "<!-- options: scripts/engine_options.py -->", "<!-- end of options -->"
_DOCUMENT_END = "...\n"
"""What YAML puts behind a lonely value."""
_SHARED_BY = 3
"""An option that so many engines share, in the same words, is described once."""


def specs() -> dict[str, type[BaseModel]]:
    """The engines by their method, in the order of the recipe."""
    members = get_args(get_args(EngineSpec)[0])
    return {member.__metadata__[0].tag: get_args(member)[0] for member in members}


def tables() -> str:
    """Shared options, then each engine's own."""
    every = {
        (method, name): option
        for method, spec in specs().items()
        for name, option in spec.model_fields.items()
        if name != "method"
    }
    users: dict[tuple[str, str], list[str]] = {}
    for (method, name), option in every.items():
        users.setdefault((name, _meaning(option)), []).append(method)
    shared = {key: some for key, some in users.items() if len(some) >= _SHARED_BY}
    rows = [["option of several", "meaning", "default"]]
    for (name, meaning), some in shared.items():
        given = {method: _default(every[method, name]) for method in some}
        rows.append([f"`{name}`", meaning, _defaults(given)])
    own = [["engine", "option", "meaning", "default"]]
    for (method, name), option in every.items():
        if (name, _meaning(option)) not in shared:
            own.append([f"`{method}`", f"`{name}`", _meaning(option), _default(option)])
    return "\n\n".join(map(_table, (rows, own)))


def _meaning(option: FieldInfo) -> str:
    """Its description, after the values that it may have."""
    words = " ".join((option.description or "").split()).replace("|", "\\|")
    choices = " \\| ".join(map(str, _choices(option.annotation)))
    return f"`{choices}`: {words}" if choices else words


def _choices(annotation: Any) -> Iterator[str | int]:
    """The values of a ``Literal``, wherever it stands in a type."""
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    elif get_origin(annotation) in {Union, UnionType}:
        for one in get_args(annotation):
            if one is not NoneType:
                yield from _choices(one)


def _default(option: FieldInfo) -> str:
    value = option.get_default(call_default_factory=True)
    text = yaml.safe_dump(_plain(value), default_flow_style=True, width=1000)
    return f"`{text.removesuffix(_DOCUMENT_END).strip()}`"


def _plain(value: Any) -> Any:
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _defaults(given: dict[str, str]) -> str:
    """What most have, then who has another."""
    values = list(given.values())
    usual = max(dict.fromkeys(values), key=values.count)
    others = [f"{method} {value}" for method, value in given.items() if value != usual]
    users = "" if len(given) > 9 else f" ({', '.join(given)})"
    return "; ".join([f"{usual}{users}", *others])


def _table(rows: Iterable[list[str]]) -> str:
    head, *others = rows
    lines = [head, ["---"] * len(head), *others]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page(text: str) -> str:
    """A page with its options as they are now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{tables()}\n{END}{after}"


def main() -> None:
    """Write them anew."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
