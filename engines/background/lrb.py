"""LRB as an engine: what the most similar cells around a place cannot represent of it.

LRB is read here as *local representation by background*. Of the cells ``x_i`` in the ring around a
cell ``y`` the K nearest represent it with the weights of locally linear embedding (Roweis & Saul,
Science 290, 2000)::

    Z = [x_1 - y, ..., x_K - y],  w = (Z^T Z + ridge tr(Z^T Z) / K I)^-1 1,  w <- w / sum(w)
    score = |y - sum w_j x_j| / spread of the ring

Nothing is learned: `engines.background.representation.LocalRepresentation` computes it from the
first image on, by `engines.background.cascade` only where a bound says that it could matter.
"""

from __future__ import annotations

from engines.background.representing import cells_of, taught_of
from engines.kernels import LrbKernel
from engines.taught import Folders, Images, Progress, Taught
from inspector.core.engine_spec import LrbSpec
from inspector.core.frame import FrameFormat


def teach(
    _images: Images, form: FrameFormat, spec: LrbSpec, _progress: Progress, folders: Folders
) -> Taught:
    """The kernel, sized for the image. Raises ``ConfigError`` where that is too small."""
    kernel = LrbKernel(**cells_of(spec, form), neighbours=spec.neighbours)
    return taught_of(kernel, spec, form, folders)
