"""Teaching where a part lies, before anything else is taught: images are prepared by it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inspector.core.check_spec import PresenceCheckSpec
from inspector.core.errors import DatasetError
from inspector.core.recipe import Recipe
from inspector.preparation import NO_OPTICS, Optics
from inspector.preparation.alignment_learning import learn_reference
from inspector.teaching.prepared import Preparer

LOOKED_AT = 60
"""Good images that the pose is learned from, at most: evenly from all."""


def taught_preparer(recipe: Recipe, good: Sequence[Path], optics: Optics = NO_OPTICS) -> Preparer:
    """How images of a recipe are prepared; with the pose learned from good ones where it asks.

    Raises as ``Preparer`` and reading do, and ``DatasetError`` where no part stands out.
    """
    preparer = Preparer(recipe.preparation, optics)
    if not recipe.taught_pose:
        return preparer
    some = good[:: -(-len(good) // LOOKED_AT)]
    pictures = [preparer.sight_of(path) for path in some]
    reference = learn_reference(recipe.preparation, preparer.sight(some[0]), pictures)
    outlined = any(
        isinstance(check, PresenceCheckSpec) and check.expects == "outline"
        for check in recipe.checks
    )
    if outlined and not reference.area:
        raise DatasetError(
            "check presence: expects: outline, but no part stands out of its background in most "
            "of the good images",
            remedy="Set expects: template, or use light that sets the part off",
        )
    return Preparer(recipe.preparation, optics, reference)
