"""What writes patches by a dictionary, as layers of a graph; their arithmetic stands beside them.

`RidgeCoder` is `engines.background.dictionary.ridge_codes`, `PursuitCoder` much like its ``omp``,
with a fixed number of steps, `SubspaceCoder` is `engines.background.subspaces`. No step has a shape
or an end that depends on the image, so all runtimes take them.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from engines.background.dictionary import (
    Rows,
    centred,
    learned_dictionary,
    random_dictionary,
    ridge_codes,
    unit_rows,
)
from engines.background.subspaces import Subspaces, subspaces_of
from engines.neural.patch_coding import (
    FITTED,
    PatchCoder,
    VectorsOf,
    drawn_vectors,
    vectors_on_grid,
)
from inspector.core.engine_spec import DictionarySpec

LEAST = 1e-4
"""Share of an atom's square that must be new to those taken before: less is rounding, blown up."""
HELD_OUT = 0.15
"""Share of the images that no dictionary is made from: their residuals are those of new ones."""


def coder_of(
    vectors_of: VectorsOf, indices: Sequence[int], spec: DictionarySpec, colours: int
) -> DictionaryCoder:
    """What writes vectors like those of the images of these indices."""
    random = np.random.default_rng(spec.seed)
    unit = centred if spec.on == "patches" else unit_rows
    if spec.form == "global" and spec.sampling == "grid":
        atoms = vectors_on_grid(vectors_of, indices, spec.atoms)
        return RidgeCoder(unit(atoms), spec.ridge, colours)
    vectors = drawn_vectors(vectors_of, indices, FITTED, spec.seed)
    if spec.form == "global":
        atoms = random_dictionary(vectors, spec.atoms, random)
        return RidgeCoder(unit(atoms), spec.ridge, colours)
    if spec.form == "ksvd":
        atoms = learned_dictionary(vectors, spec.atoms, spec.sparsity, random)
        return PursuitCoder(unit(atoms), spec.sparsity, colours)
    groups = spec.atoms // spec.sparsity
    return SubspaceCoder(subspaces_of(vectors, groups, spec.sparsity, random), colours)


class DictionaryCoder(PatchCoder):
    """Says what a code leaves of a patch without drawing it.

    That is never a jump where two atoms match equally well, as the drawing is: runtimes that round
    otherwise agree.
    """

    @abstractmethod
    def kept(self, images: Tensor) -> Tensor:
        """``|y|^2 - |y - D^T z|^2`` of each patch, float32[N, 1, h, w]."""

    def left(self, images: Tensor) -> Tensor:
        """Mean square of what is left of each patch, float32[N, 1, h, w]; never below zero."""
        squares = images.square().mean(1, keepdim=True)
        if self.side > 1:
            squares = functional.avg_pool2d(squares, self.side, self.stride)
            squares = squares - self.means(images).square()
        return (squares - self.kept(images) / float(self.dictionary[0].numel())).clamp_min(0.0)


class RidgeCoder(DictionaryCoder):
    """All atoms together, by ridge regression: a code is one convolution."""

    asked: Tensor
    weights: Tensor

    def __init__(self, dictionary: Rows, ridge: float, colours: int) -> None:
        asked, made = ridge_codes(dictionary, ridge)
        super().__init__(made, colours)
        shares = np.einsum("rd,rd->r", asked, made)  # of each direction that is made again
        weights = (1.0 - (1.0 - shares) ** 2).reshape(1, -1, 1, 1)
        self.register_buffer("weights", torch.from_numpy(weights).float())
        filters = torch.from_numpy(asked).float().reshape(self.dictionary.shape)
        self.register_buffer("asked", filters)

    def forward(self, images: Tensor) -> Tensor:
        """Codes along the principal directions of the atoms."""
        return functional.conv2d(images, self.asked, stride=self.stride)

    def kept(self, images: Tensor) -> Tensor:
        """See `DictionaryCoder`."""
        return functional.conv2d(self(images).square(), self.weights)


class PursuitCoder(DictionaryCoder):
    """Optimised orthogonal matching pursuit, unrolled: each step takes one atom at every place.

    It is the atom that leaves least (Rebollo-Neira & Lowe, IEEE Signal Processing Letters 9, 2002),
    where plain matching pursuit takes the one that matches best what is left: the same in the first
    step, and of two equal ones it does not matter which is the last.

    What an atom adds to those taken before, at length 1, is its axis ``q``. Only the products
    ``D q`` with all atoms are kept: the atom's row of inner products less its shares of the earlier
    ones. So what is left of a patch matches the atoms by one subtraction a step, and the
    coefficients follow by back substitution in the end.
    """

    gram: Tensor
    order: Tensor

    def __init__(self, dictionary: Rows, sparsity: int, colours: int) -> None:
        super().__init__(dictionary, colours)
        self._steps = min(sparsity, *dictionary.shape)
        self.register_buffer("gram", torch.from_numpy(dictionary @ dictionary.T).float())
        self.register_buffer("order", torch.arange(len(dictionary)).reshape(1, -1, 1, 1))

    def forward(self, images: Tensor) -> Tensor:
        """Codes of at most as many atoms as there are steps."""
        taken = self._pursued(images)
        codes = [
            (one.atom.movedim(3, 1) == self.order).float() * own.movedim(3, 1)
            for one, own in zip(taken, _solved(taken), strict=True)
        ]
        return torch.stack(codes).sum(0)

    def kept(self, images: Tensor) -> Tensor:
        """See `DictionaryCoder`."""
        sizes = [one.size.movedim(3, 1) for one in self._pursued(images)]
        return torch.cat(sizes, 1).square().sum(1, keepdim=True)

    def _pursued(self, images: Tensor) -> list[_Taken]:
        match = functional.conv2d(images, self.dictionary, stride=self.stride).movedim(1, 3)
        new = torch.ones_like(match)  # square of what each atom would add to those taken
        taken: list[_Taken] = []
        for _ in range(self._steps):
            taken.append(self._next(match, new, taken))
            match = match - taken[-1].size * taken[-1].products
            new = new - taken[-1].products.square()
        return taken

    def _next(self, match: Tensor, new: Tensor, taken: Sequence[_Taken]) -> _Taken:
        gain = match.square() / new.clamp_min(LEAST) * (new > LEAST).float()
        atom = gain.argmax(3, keepdim=True)
        products = functional.embedding(atom.squeeze(3), self.gram)
        shares = [_at(earlier.products, atom) for earlier in taken]
        for share, earlier in zip(shares, taken, strict=True):
            products = products - share * earlier.products
        square = _at(new, atom)
        length = square.clamp_min(LEAST).sqrt()
        usable = (square > LEAST).float() / length
        return _Taken(atom, products * usable, _at(match, atom) * usable, [*shares, length])


@dataclass(frozen=True, slots=True)
class _Taken:
    """What one step took at every place: all float32[N, h, w, 1] but for ``products``.

    ``atom`` int64; ``products`` float32[N, h, w, atoms] of its axis with all atoms; ``size`` of the
    patch along that axis; ``row`` of the Cholesky factor of the inner products of what was taken.
    """

    atom: Tensor
    products: Tensor
    size: Tensor
    row: Sequence[Tensor]


def _at(values: Tensor, atom: Tensor) -> Tensor:
    return values.gather(3, atom)


def _solved(taken: Sequence[_Taken]) -> list[Tensor]:
    """The coefficients of the atoms taken, by back substitution."""
    found: list[Tensor] = []
    for step in reversed(range(len(taken))):
        size = taken[step].size
        for later, own in zip(taken[step + 1 :], found, strict=True):
            size = size - later.row[step] * own
        found.insert(0, size / taken[step].row[step])
    return found


class SubspaceCoder(DictionaryCoder):
    """The directions of the group that leaves least of a patch, and the group's centre.

    What all groups leave has the patch's own square in common, so that of its parts only those that
    differ are compared.
    """

    known: Tensor
    squares: Tensor
    members: Tensor
    order: Tensor

    def __init__(self, subspaces: Subspaces, colours: int) -> None:
        centres, axes = subspaces.centres, subspaces.axes
        groups, directions, size = axes.shape
        super().__init__(np.concatenate([axes.reshape(-1, size), centres]), colours)
        self._groups = groups
        known = np.einsum("crd,cd->cr", axes, centres).reshape(1, -1, 1, 1)
        squares = np.square(centres).sum(axis=1).reshape(1, -1, 1, 1)
        self.register_buffer("known", torch.from_numpy(known).float())
        self.register_buffer("squares", torch.from_numpy(squares).float())
        members = torch.eye(groups).repeat_interleave(directions, 1)[:, :, None, None]
        self.register_buffer("members", members)
        self.register_buffer("order", torch.arange(groups).reshape(1, -1, 1, 1))

    def forward(self, images: Tensor) -> Tensor:
        """Codes along all directions, then which group it is; zero but for one group."""
        codes, gain = self._codes(images)
        own = (gain.argmax(1, keepdim=True) == self.order).float()
        spread = functional.conv_transpose2d(own, self.members)
        return torch.cat([codes * spread, own], 1)

    def kept(self, images: Tensor) -> Tensor:
        """See `DictionaryCoder`."""
        _, gain = self._codes(images)
        return gain.amax(1, keepdim=True)

    def _codes(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Along the directions of all groups, and what each group would keep."""
        found = functional.conv2d(images, self.dictionary, stride=self.stride)
        codes = found[:, : -self._groups] - self.known
        made = functional.conv2d(codes.square(), self.members)
        return codes, made + 2.0 * found[:, -self._groups :] - self.squares
