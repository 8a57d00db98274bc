"""The recipes of a station as clients list them."""

from __future__ import annotations

from pathlib import Path

import structlog

from inspector.core.errors import InputError
from inspector.link.messages import ProductEntry
from inspector.station.catalogue import Catalogue
from inspector.teaching.bundles import current_bundle

_log = structlog.get_logger(__name__)


def listed(catalogue: Catalogue, data_folder: Path) -> tuple[ProductEntry, ...]:
    """All recipes, and whether they were taught here."""
    return tuple(_entry(name, catalogue, data_folder) for name in catalogue.names())


def _entry(name: str, catalogue: Catalogue, data_folder: Path) -> ProductEntry:
    try:
        recipe = catalogue.recipe(name)
        taught = current_bundle(data_folder, name) is not None
    except InputError as error:  # one wrong file must not hide the others
        _log.warning("product cannot be used", product=name, reason=str(error))
        return ProductEntry(name, {}, taught=False)
    return ProductEntry(name, {str(k): v for k, v in recipe.title.items()}, taught)
