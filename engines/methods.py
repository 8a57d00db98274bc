"""The engines that can be taught, by the ``method`` of a recipe."""

from __future__ import annotations

from engines import nothing
from engines.graphs import name_nodes
from engines.taught import Folders, Images, Progress, Taught
from inspector.core.engine_spec import EngineSpec, NoEngineSpec, PatchCoreSpec
from inspector.core.frame import FrameFormat


def teach_engine(
    images: Images,
    form: FrameFormat,
    spec: EngineSpec,
    progress: Progress,
    folders: Folders,
) -> Taught:
    """Learn from prepared good images, each uint8[h, w, c] of the given form.

    Deterministic by ``spec.seed``. Raises ``ConfigError`` for what the engine cannot do, and
    whatever ``progress`` raises.
    """
    taught = _teach(images, form, spec, progress, folders)
    name_nodes(taught.graph)
    return taught


def _teach(
    images: Images, form: FrameFormat, spec: EngineSpec, progress: Progress, folders: Folders
) -> Taught:
    if isinstance(spec, NoEngineSpec):
        return nothing.teach(form)
    # Each is imported when it is asked for: torch takes seconds to load, and not all need it.
    if isinstance(spec, PatchCoreSpec):
        from engines.memory.patchcore import teach as teach_patchcore  # noqa: PLC0415  # see above

        return teach_patchcore(images, form, spec, progress, folders)
    from engines.neural.autoencoder import teach as teach_autoencoder  # noqa: PLC0415  # see above

    return teach_autoencoder(images, form, spec, progress)
