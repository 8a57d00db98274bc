"""YAML files into validated values, with errors that name file, key and remedy."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from inspector.core.errors import ConfigError

Model = TypeVar("Model", bound=BaseModel)


def _key(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "(top level)"


def _explain(path: Path, error: ValidationError, model: type[BaseModel]) -> ConfigError:
    first = error.errors()[0]
    key = _key(first["loc"])
    more = error.error_count() - 1
    tail = f" ({more} more after this one)" if more else ""
    if first["type"] == "extra_forbidden":
        known = ", ".join(_siblings(model, first["loc"]))
        remedy = f"Known keys there: {known}" if known else "Remove the key"
        return ConfigError(f"{path}: {key}: unknown key{tail}", remedy=remedy)
    message = first["msg"].removeprefix("Value error, ")
    given = first["input"]
    if isinstance(given, str | int | float) or given is None:
        message += f", got {given!r}"
    return ConfigError(f"{path}: {key}: {message}{tail}", remedy="Mend the value in this file")


def _siblings(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    current: type[BaseModel] = model
    for part in location[:-1]:
        field = current.model_fields.get(str(part))
        annotation = field.annotation if field else None
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return []
        current = annotation
    return list(current.model_fields)


def load_yaml(path: Path, model: type[Model]) -> Model:
    """Read and validate one YAML file. Raises ``ConfigError`` naming file, key and remedy."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such file", remedy="Check the path") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})", remedy="Check the file") from error
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise ConfigError(f"{path}: not YAML: {problem}", remedy="Mend the syntax") from error
    if not isinstance(content, dict):
        raise ConfigError(
            f"{path}: (top level): a mapping is expected", remedy="Write 'key: value' lines"
        )
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise _explain(path, error, model) from error


def dump_yaml(model: BaseModel) -> bytes:
    """A validated value as YAML text, keys in the order of the model."""
    text: str = yaml.safe_dump(model.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
    return text.encode()
