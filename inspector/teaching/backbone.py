"""Another backbone for a recipe, with weights that a plant brings along."""

from __future__ import annotations

from pathlib import Path

from engines.backbones.registry import check_backbone
from engines.backbones.weights import import_weights
from inspector.core.engine_spec import OnBackbone
from inspector.core.errors import ConfigError
from inspector.core.recipe import Recipe


def with_backbone(
    recipe: Recipe, backbone: str | None, weights: Path | None, folder: Path
) -> Recipe:
    """The recipe with a backbone by name, and a safetensors file taken into ``folder``.

    None keeps the recipe's backbone; another backbone without a file has the weights of its
    package. Raises ``ConfigError`` for what cannot be taught, ``StorageError``.
    """
    if backbone is None and weights is None:
        return recipe
    spec = recipe.engine
    if not isinstance(spec, OnBackbone):
        raise ConfigError(
            f"--backbone, --weights: the engine {spec.method} has no backbone",
            remedy="Teach --engine patchcore, or leave them out",
        )
    name = backbone or spec.backbone
    digest = spec.weights if name == spec.backbone else None
    if weights is not None:
        digest = import_weights(weights, name, spec.strides, folder)
    check_backbone(name, digest)
    return recipe.model_copy(
        update={"engine": spec.model_copy(update={"backbone": name, "weights": digest})}
    )
