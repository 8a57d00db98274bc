"""CRD as an engine: what all cells around a place together cannot represent of it.

Collaborative representation (Li & Du, IEEE TGRS 53, 2015) of a cell ``y`` by those of the ring
around it, the columns of ``X``::

    min |y - X a|^2 + lambda |G a|^2,  G = diag |y - x_i|,  sum(a) = 1;  score = |y - X a|

On patches and features that is solved exactly, with ``lambda`` scaled by the ring's size and
dimensions, over the ring's spread (`engines.background.representation.Collaborative`). On pixels
all weights cost the same (``G`` uniform): then the residual has a closed form in the ring's mean
and covariance, which are sums over windows (`engines.background.local.LocalCollaborative`).
Nothing is learned.
"""

from __future__ import annotations

from engines.background.representing import cells_of, ring_of, taught_of
from engines.background.windows import windows_for
from engines.kernels import CrdKernel, Kernel, UniformCrdKernel
from engines.taught import Folders, Images, Progress, Taught
from inspector.core.engine_spec import CrdSpec
from inspector.core.frame import FrameFormat


def teach(
    _images: Images, form: FrameFormat, spec: CrdSpec, _progress: Progress, folders: Folders
) -> Taught:
    """The kernel, sized for the image. Raises ``ConfigError`` where that is too small."""
    kernel: Kernel
    if spec.on == "pixels":
        step = windows_for(form.height, form.width).step
        kernel = UniformCrdKernel(**ring_of(spec), step=step)
    else:
        kernel = CrdKernel(**cells_of(spec, form))
    return taught_of(kernel, spec, form, folders)
