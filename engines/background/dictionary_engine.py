"""A dictionary of good patches: what it cannot write is strange.

A patch ``y`` is written by atoms, the rows of ``D``, and what is left of it counts. By ``form``

- ``global``: good patches as atoms, all together: ``z = (D D^T + lambda I)^-1 D y`` (Li & Du,
  "Collaborative representation for hyperspectral anomaly detection", IEEE TGRS 53, 2015, here with
  one dictionary for all places);
- ``ksvd``: atoms learned by K-SVD (Aharon, Elad & Bruckstein, IEEE TSP 54, 2006), few to a patch,
  by orthogonal matching pursuit of a fixed number of steps;
- ``clusters``: ``|(I - P_c)(y - m_c)|`` with the mean and the projector onto the principal
  directions of the group of patches that leaves least (`engines.background.subspaces`).

On patches a patch is raw pixels less their mean. Patches overlap by half; the square that is left,
averaged over those that a pixel lies in, is counted in its spread at each place of good images
(``per_position``), or in its usual size everywhere. Of several sizes of patches each is counted by
itself and the largest counts, because a defect lives at one size. On features:
`engines.background.dictionary_on_features`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from engines.backbones.export import export
from engines.background.coders import HELD_OUT, DictionaryCoder, coder_of
from engines.background.dictionary_on_features import teach_on_features
from engines.explaining import EXPECTED
from engines.graphs import without_outputs
from engines.neural.kept_images import KeptImages
from engines.neural.levels import StandardLevels, standard_levels
from engines.neural.patch_coding import (
    MAP_STRIDE,
    NOISE,
    PatchMaps,
    VectorsOf,
    centred_patches,
)
from engines.neural.redrawing import MEASURED
from engines.neural.spread import Moments, Spread, StandardisedMap, spread_of, usual_of
from engines.neural.training import hold_out
from engines.taught import NOWHERE, Folders, Images, Progress, Taught
from engines.tiling import margined, part_of
from inspector.core.engine_spec import DictionarySpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat

SEEN_PX = 8
"""Side of a patch as it is seen, whatever its side in the image."""
_OF_FEATURES = ("backbone", "neighbourhood", "scales", "weights")
LEVELS = "levels"
"""The tensor of standard levels: all that follows it is exact."""


def teach(
    images: Images,
    form: FrameFormat,
    spec: DictionarySpec,
    progress: Progress,
    folders: Folders = NOWHERE,
) -> Taught:
    """Learn from prepared good images uint8[h, w, c], at least two of them.

    Deterministic by ``spec.seed``; with the same seed, ``atoms`` and ``sparsity`` the atoms of
    ``ksvd`` on patches are those of the engine `lista`. Raises ``ConfigError``, and whatever
    ``progress`` raises.
    """
    if spec.on == "features":
        return teach_on_features(images, form, spec, progress, folders)
    return _teach_on_patches(images, form, spec, progress)


def _teach_on_patches(
    images: Images, form: FrameFormat, spec: DictionarySpec, progress: Progress
) -> Taught:
    _check_size(form, spec)
    tiling = margined(form, spec, _margin(spec))
    part = part_of(form, tiling)
    kept = KeptImages(images)
    trained, held_out = hold_out(len(kept), HELD_OUT, spec.seed)
    levels = standard_levels(kept, trained, form.pixel_format, progress)
    coders = []
    for number, side in enumerate(spec.patches):
        progress("dictionary", number / len(spec.patches))
        vectors_of = _patches_of(kept, levels, side // SEEN_PX)
        coders.append(coder_of(vectors_of, trained, spec, form.pixel_format.colours))
    residuals = _Residuals(coders, spec, form)
    moments = [
        _moments(levels, residuals, kept, indices, progress) for indices in (trained, held_out)
    ]
    spread = spread_of(*moments) if spec.per_position else usual_of(moments[1])
    progress("graph", 0.0)
    names = [f"patches of {side} px" for side in spec.patches] if len(coders) > 1 else []
    tensors = [f"of_{side}_px" for side in spec.patches][: len(names)]
    explained = {EXPECTED: EXPECTED} if tiling is None else {}  # a tile draws no whole image
    hidden = (LEVELS, EXPECTED, *tensors)
    network = _Judging(levels, _Residuals(coders, spec, part), spread, parts=bool(names))
    graph = export(network.eval(), part, ("map", "score", *hidden))
    without_outputs(graph, hidden)
    return Taught(
        graph,
        (-(-form.height // MAP_STRIDE), -(-form.width // MAP_STRIDE)),
        {
            **spec.model_dump(mode="json", exclude={"method", "tile", "patches", *_OF_FEATURES}),
            "patches": " ".join(map(str, spec.patches)),
            "positional": int(spec.per_position),
            "images": len(kept),
            "held_out": len(held_out),
        },
        boundary=(LEVELS,),
        tiling=tiling,
        explains=explained | dict(zip(names, tensors, strict=True)),
    )


def _check_size(form: FrameFormat, spec: DictionarySpec) -> None:
    if min(form.height, form.width) < spec.patches[-1]:
        raise ConfigError(
            f"engine.patches: {spec.patches[-1]} px, but images have {form.width}x{form.height} px",
            remedy="Prepare them larger, or give smaller patches",
        )


def _margin(spec: DictionarySpec) -> int:
    """Context of a tile, px: a patch and the reach of both smoothings, in steps of 32."""
    side = spec.patches[-1]
    return 32 if side == SEEN_PX else 64


def _patches_of(images: KeptImages, levels: StandardLevels, factor: int) -> VectorsOf:
    def of(index: int) -> Tensor:
        with torch.no_grad():
            picture = levels(images.batch([index]))
            if factor > 1:
                picture = nn.functional.avg_pool2d(picture, factor)
            return centred_patches(picture, SEEN_PX)

    return of


class _Residuals(nn.Module):
    """Standard levels to the root of what each size of patches leaves, float32[N, sizes, h, w]."""

    def __init__(
        self, coders: Sequence[DictionaryCoder], spec: DictionarySpec, form: FrameFormat
    ) -> None:
        super().__init__()
        size = form.height, form.width
        self.maps = nn.ModuleList(
            Residual(coder, size, side // SEEN_PX)
            for coder, side in zip(coders, spec.patches, strict=True)
        )

    def forward(self, images: Tensor) -> Tensor:
        return torch.cat([maps(images) for maps in self.maps], 1)

    def drawn(self, images: Tensor) -> Tensor:
        """What the smallest patches draw, float32[N, colours, H, W]."""
        finest = cast("Residual", self.maps[0])
        return finest.drawn(images)


class Residual(PatchMaps):
    """Of patches of one size."""

    def __init__(self, coder: DictionaryCoder, size: tuple[int, int], factor: int) -> None:
        super().__init__(coder, size, factor)
        self.left = coder.left

    def forward(self, images: Tensor) -> Tensor:
        """Mean over the patches that overlap, then over a Gaussian: float32[N, 1, h, w]."""
        left = self.spread_out(self.left(self.seen(images)))
        return (self.smoothed(left) + NOISE).sqrt()

    def drawn(self, images: Tensor) -> Tensor:
        """What patches make of images, float32[N, colours, H, W], averaged where they overlap."""
        wide = self.seen(images)
        return self.inner(self.coder.drawn(self.coder(wide), self.coder.means(wide)))


class _Judging(nn.Module):
    """Raw images to map, score, standard levels, the drawing as a picture, and each size's map."""

    def __init__(
        self, levels: StandardLevels, residuals: _Residuals, spread: Spread, *, parts: bool
    ) -> None:
        super().__init__()
        self.levels = levels
        self.residuals = residuals
        self.map = StandardisedMap(spread)
        self._parts = parts

    def forward(self, batch: Tensor) -> tuple[Tensor, ...]:
        levels = self.levels(batch)
        roots = self.residuals(levels)
        picture = self.levels.picture(self.residuals.drawn(levels))
        if not self._parts:
            return *self.map(roots), levels, picture
        parts = self.map.parts(roots)
        score_map = torch.stack(parts).amax(0)
        return score_map, score_map.amax((1, 2)), levels, picture, *parts


def _moments(
    levels: StandardLevels,
    residuals: _Residuals,
    images: KeptImages,
    indices: Sequence[int],
    progress: Progress,
) -> Moments:
    moments = Moments()
    chosen = indices[:MEASURED]
    for done, index in enumerate(chosen):
        progress("spread", done / len(chosen))
        with torch.no_grad():
            found = residuals(levels(images.batch([index])))
        moments.add(found.numpy())
    return moments
