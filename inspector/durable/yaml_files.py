"""YAML files into validated values, with errors that name file, key and remedy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from inspector.core.errors import ConfigError

Model = TypeVar("Model", bound=BaseModel)

_BOOL = "tag:yaml.org,2002:bool"


class _Loader(yaml.SafeLoader):
    """YAML 1.2 in what is true and false: ``on`` is a word, and the name of an option."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # of the base class
        first: [(tag, form) for tag, form in forms if tag != _BOOL]
        for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver(
    _BOOL, re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)

_NO_NUMBER = {"int_parsing", "float_parsing", "int_type", "float_type"}


def _explain(path: Path, error: ValidationError, model: type[BaseModel]) -> ConfigError:
    first = error.errors()[0]
    parts, section = _walk(model, first["loc"])
    key = ".".join(parts) or "(top level)"
    more = error.error_count() - 1
    tail = f" ({more} more after this one)" if more else ""
    if first["type"] == "extra_forbidden":
        known = ", ".join(section.model_fields) if section else ""
        remedy = f"Known keys there: {known}" if known else "Remove the key"
        return ConfigError(f"{path}: {key}: unknown key{tail}", remedy=remedy)
    given = first["input"]
    if first["type"] in _NO_NUMBER and isinstance(given, str):
        return ConfigError(
            f"{path}: {key}: a number without unit is expected, got {given!r}{tail}",
            remedy="Write the number alone, in the unit of this key",
        )
    message = first["msg"].removeprefix("Value error, ")
    if isinstance(given, str | int | float) or given is None:
        message += f", got {given!r}"
    return ConfigError(f"{path}: {key}: {message}{tail}", remedy="Mend the value in this file")


def _walk(
    model: type[BaseModel], location: tuple[int | str, ...]
) -> tuple[list[str], type[BaseModel] | None]:
    """The key as the file has it, and the section that it stands in.

    Where a section has several forms the location also holds the name of the form: left out.
    """
    parts: list[str] = []
    section: type[BaseModel] | None = None
    forms = [model]
    for part in location:
        if isinstance(part, str) and len(forms) > 1:
            forms = [form for form in forms if part in _literals(form)]
            continue
        parts.append(str(part))
        if isinstance(part, str):
            section = forms[0] if forms else None
            field = section.model_fields.get(part) if section else None
            forms = _models(field.annotation) if field else []
    return parts, section


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]


def _literals(model: type[BaseModel]) -> set[object]:
    fields = model.model_fields.values()
    return {name for field in fields for name in get_args(field.annotation)}


def load_yaml(path: Path, model: type[Model]) -> Model:
    """Read and validate one YAML file. Raises ``ConfigError`` naming file, key and remedy."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such file", remedy="Check the path") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})", remedy="Check the file") from error
    try:
        content = yaml.load(text, _Loader)  # a safe one
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise ConfigError(f"{path}: not YAML: {problem}", remedy="Mend the syntax") from error
    if not isinstance(content, dict):
        raise ConfigError(
            f"{path}: (top level): a mapping is expected", remedy="Write 'key: value' lines"
        )
    return validated(content, model, path)


def validated(content: object, model: type[Model], path: Path) -> Model:
    """Plain values that are in a file, or will be. Raises ``ConfigError`` naming file and key."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise _explain(path, error, model) from error


def dump_yaml(model: BaseModel) -> bytes:
    """A validated value as YAML text, keys in the order of the model."""
    text: str = yaml.safe_dump(model.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
    return text.encode()
