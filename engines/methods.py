"""The engines that can be taught, by the ``method`` of a recipe."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import MappingProxyType
from typing import cast

from engines.graphs import name_nodes
from engines.taught import Defects, Folders, Images, Progress, Taught
from inspector.core.engine_spec import EngineSpec, TaughtSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat

TEACHERS = {
    "none": "engines.nothing",
    "patchcore": "engines.memory.patchcore",
    "padim": "engines.memory.padim",
    "deep_rx": "engines.memory.deep_rx",
    "autoencoder": "engines.neural.autoencoder",
    "vae": "engines.neural.vae",
    "masked": "engines.neural.masked",
    "rotation": "engines.neural.rotation",
    "cutpaste": "engines.neural.cutpaste",
    "gan": "engines.neural.gan",
    "svdd": "engines.neural.svdd",
    "flow": "engines.neural.flow",
    "lista": "engines.neural.lista",
    "student": "engines.neural.student",
    "dictionary": "engines.background.dictionary_engine",
    "classifier": "engines.neural.classifier",
    "lrb": "engines.background.lrb",
    "crd": "engines.background.crd",
    "rpca": "engines.background.rpca_engine",
    "rx": "engines.background.rx_engine",
    "mt": "engines.background.mt_engine",
}
"""The module whose ``teach`` teaches an engine. Each is imported when it is asked for: torch takes
seconds to load, and not all need it."""

Teach = Callable[..., Taught]


def teach_engine(
    images: Images,
    form: FrameFormat,
    spec: EngineSpec,
    progress: Progress,
    folders: Folders,
    *,
    defects: Defects = MappingProxyType({}),
) -> Taught:
    """Learn from prepared good images, each uint8[h, w, c] of the given form.

    ``defects`` are for engines that are shown some (``spec.supervised``).
    Deterministic by ``spec.seed``. Raises ``ConfigError`` for what the engine cannot do, and
    whatever ``progress`` raises.
    """
    if isinstance(spec, TaughtSpec) and spec.knows_places and spec.tile is not None:
        raise ConfigError(
            f"engine.tile: {spec.method} knows places, so it takes an image in one piece",
            remedy="Give null, or use patchcore",
        )
    teach = cast("Teach", import_module(TEACHERS[spec.method]).teach)
    if isinstance(spec, TaughtSpec) and spec.supervised:
        taught = teach(images, form, spec, progress, folders, defects=defects)
    else:
        taught = teach(images, form, spec, progress, folders)
    name_nodes(taught.graph)
    return taught
