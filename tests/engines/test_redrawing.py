"""What engines that redraw do differently: what is narrow, what is random, what is hidden."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from torch import Tensor, nn

from engines.methods import teach_engine
from engines.neural.autoencoder import Autoencoder
from engines.neural.jigsaw import Jigsaw
from engines.neural.levels import StandardLevels
from engines.neural.margins import Margins
from engines.neural.masked import Inpainter, tile_sets
from engines.neural.reconstruction import Reconstructor
from engines.neural.redrawing import NOISE, Redrawing, parameters_of
from engines.neural.unet import UNet
from engines.neural.vae import VariationalAutoencoder, divergence
from engines.taught import NOWHERE
from inspector.core.engine_spec import AutoencoderSpec, MaskedSpec, VaeSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat, PixelFormat

FORM = FrameFormat(76, 60, PixelFormat.MONO8)
"""Neither side can be halved often."""


def levels() -> StandardLevels:
    return StandardLevels(PixelFormat.MONO8, torch.tensor([100.0]), torch.tensor([50.0]))


def pictures(count: int = 2, seed: int = 0) -> Tensor:
    random = torch.Generator().manual_seed(seed)
    return torch.randint(256, (count, 60, 76, 1), generator=random, dtype=torch.uint8)


@pytest.fixture(autouse=True)
def _nothing_learns() -> Iterator[None]:
    with torch.no_grad():
        yield


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_dense_latent_is_one_list_of_numbers() -> None:
    network = Reconstructor(
        1, (28, 28), 16, 32, 5, channels=(128, 64), kernel=3, hidden=(1024, 64)
    ).eval()
    image = torch.zeros(2, 1, 28, 28)
    assert network.encoded(image).shape == (2, 32, 1, 1)
    assert network(image).shape == image.shape
    layers = [layer for layer in network.modules() if isinstance(layer, nn.Conv2d)]
    dense = [(one.in_channels, one.out_channels) for one in layers if one.kernel_size == (1, 1)]
    inwards = [(64 * 7 * 7, 1024), (1024, 64), (64, 32)]
    assert dense == inwards + [(b, a) for a, b in inwards[::-1]]
    assert {one.kernel_size for one in layers} == {(3, 3), (1, 1)}


def test_dense_layers_need_a_dense_latent() -> None:
    with pytest.raises(ValidationError, match="hidden: dense layers need latent_form: dense"):
        AutoencoderSpec(hidden=(64,))


def test_a_manifest_keeps_plain_values() -> None:
    said = parameters_of(AutoencoderSpec(channels=(128, 64), latent_form="dense", hidden=(32,)))
    assert (said["channels"], said["hidden"]) == ("128-64", "32")
    for spec in (AutoencoderSpec(), VaeSpec(), MaskedSpec()):
        assert all(isinstance(value, str | int | float) for value in parameters_of(spec).values())


@pytest.mark.parametrize("mend", [True, False])
def test_autoencoder_is_shown_damage_where_it_mends(mend: bool) -> None:
    model = Autoencoder(levels(), FORM, AutoencoderSpec(width=4, latent=4, mend=mend)).eval()
    shown: list[Tensor] = []
    model.network.register_forward_pre_hook(lambda module, given: shown.append(given[0]))
    images = pictures()
    model.loss(images, seeded())
    assert torch.equal(shown[0], model.levels(images)) is not mend


def test_cross_entropy_is_that_of_grey_levels() -> None:
    spec = AutoencoderSpec(width=4, latent=4, loss="bce", mend=False)
    model = Autoencoder(levels(), FORM, spec).eval()
    images = pictures()
    share = images.permute(0, 3, 1, 2).double() / 255.0
    out = model.drawn(model.levels(images))
    drawn = model.levels.picture(model.painted(out)).double() / 255.0
    assert drawn == pytest.approx(out.double().sigmoid(), abs=1e-5)
    by_hand = -(share * drawn.log() + (1.0 - share) * (1.0 - drawn).log()).mean()
    assert model.loss(images, seeded()).item() == pytest.approx(by_hand.item(), rel=1e-4)
    residual = model(images).square() - NOISE
    assert residual.shape[1] == 1
    assert model.parts == ("brightness",)
    assert residual.mean().item() == pytest.approx(
        model.residuals(model.levels(images), model.painted(out)).mean().item(), rel=1e-4
    )


def test_divergence_is_that_of_two_gaussians() -> None:
    mean, log_variance = torch.tensor([0.0, 1.5, -2.0]), torch.tensor([0.0, -1.0, 0.7])
    found = divergence(mean, log_variance)
    normal = torch.distributions.Normal
    described = normal(mean, (0.5 * log_variance).exp())
    wanted = torch.distributions.kl_divergence(described, normal(0.0, 1.0))
    assert found == pytest.approx(wanted, abs=1e-6)


def variational(beta: float = 1.0) -> VariationalAutoencoder:
    torch.manual_seed(0)
    return VariationalAutoencoder(levels(), FORM, VaeSpec(width=4, latent=4, beta=beta)).eval()


def test_elbo_weighs_the_divergence_per_pixel() -> None:
    images = pictures()
    without, with_two = (variational(beta).loss(images, seeded()) for beta in (0.0, 2.0))
    model = variational()
    _, mean, log_variance = model.handed_over(model.levels(images))
    local = divergence(mean, log_variance).sum() / images.numel()
    assert (with_two - without).item() == pytest.approx(2.0 * local.item(), rel=1e-4)


def test_descriptions_are_drawn_by_the_generator_and_never_when_judging() -> None:
    model, images = variational(), pictures()
    first, again, other = (model.loss(images, seeded(seed)).item() for seed in (1, 1, 2))
    assert first == again != other
    assert torch.equal(model(images), model(images))


def test_divergence_is_a_residual_at_its_place() -> None:
    model = variational()
    assert model.parts == ("brightness", "structure", "latent")
    found = model(pictures(1))
    assert found.shape == (1, 3, 30, 38)
    _, mean, log_variance = model.handed_over(model.levels(pictures(1)))
    cells = divergence(mean, log_variance).sum(1)[0]
    # 60 x 76 px is padded to 64 x 80: the middle of the image is that of the description.
    side = model.network.margins.unit
    row, column = (30 + 2) // side, (38 + 2) // side
    assert found[0, 2, 15, 19].square().item() == pytest.approx(
        cells[row, column].item() + NOISE, rel=1e-4
    )


@pytest.mark.parametrize("sets", [2, 3, 4])
def test_every_tile_is_hidden_once(sets: int) -> None:
    turns = tile_sets(24, 36, 4, sets)
    tiles = turns[::4, ::4]
    assert torch.equal(turns, tiles.repeat_interleave(4, 0).repeat_interleave(4, 1))
    assert set(tiles.flatten().tolist()) == set(range(sets))
    # No tile has one of its own set beside, above or below it.
    assert (tiles[1:] != tiles[:-1]).all()
    assert (tiles[:, 1:] != tiles[:, :-1]).all()


@pytest.mark.parametrize("passes", [2, 3, 4])
def test_no_tile_is_drawn_from_itself(passes: int) -> None:
    torch.manual_seed(0)
    spec = MaskedSpec(width=4, hidden_px=16, passes=passes)
    model = Inpainter(levels(), FORM, spec).eval()
    images = model.levels(pictures(1))
    changed = images.clone()
    changed[..., 16:32, 32:48] += 3.0
    before, after = model.drawn(images), model.drawn(changed)
    assert torch.equal(before[..., 16:32, 32:48], after[..., 16:32, 32:48])
    assert not torch.allclose(before[..., 16:32, 48:64], after[..., 16:32, 48:64])


def test_only_what_is_hidden_is_asked_for() -> None:
    model = Inpainter(levels(), FORM, MaskedSpec(width=4, hidden_px=16, loss="bce")).eval()
    images, mask = model.levels(pictures(1)), torch.zeros(1, 1, 60, 76)
    assert model.misfit(images, torch.randn(images.shape), mask).item() == 0.0
    mask[..., :16, :16] = 1.0
    assert model.misfit(images, torch.randn(images.shape), mask).item() > 0.0


def test_tiles_that_hide_too_much_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"engine\.hidden_px: 32 px .* 60 px.*Give 30 or less"):
        teach_engine([], FORM, MaskedSpec(), lambda stage, share: None, NOWHERE)


def test_too_many_pieces_are_refused() -> None:
    spec = MaskedSpec(task="jigsaw", depth=1)
    with pytest.raises(ConfigError, match=r"engine\.depth: 1140 pieces of 2 px are too many"):
        Jigsaw(levels(), FORM, spec)


def jigsaw() -> Jigsaw:
    torch.manual_seed(0)
    spec = MaskedSpec(task="jigsaw", width=4, latent=4, depth=4)
    return Jigsaw(levels(), FrameFormat(64, 64, PixelFormat.MONO8), spec).eval()


def test_every_shuffle_gives_the_same_answers() -> None:
    model = jigsaw()
    pieces = torch.randn(4, 4, 16, 16)
    order = torch.randperm(16, generator=seeded())

    def answers(tiles: Tensor) -> tuple[Tensor, Tensor]:
        picture = tiles.reshape(4, 4, 16, 16).permute(0, 2, 1, 3).reshape(1, 1, 64, 64)
        drawn, places = model.handed_over(picture)
        return drawn, places.flatten(2)

    drawn, places = answers(pieces.reshape(16, 16, 16))
    shuffled, others = answers(pieces.reshape(16, 16, 16)[order])
    assert shuffled == pytest.approx(drawn, abs=1e-5)
    assert others == pytest.approx(places[:, :, order], abs=1e-5)


def test_arrangement_is_the_surprise_at_a_pieces_place() -> None:
    model = jigsaw()
    assert model.parts[-1] == "arrangement"
    images = pictures(1)[:, :, :64].repeat(1, 2, 1, 1)[:, :64]
    found = model(images)
    _, places = model.handed_over(model.levels(images))
    surprise = -places[0].flatten(1).log_softmax(0).diagonal()
    cells = found[0, -1, ::8, ::8].square() - NOISE
    assert cells.flatten() == pytest.approx(surprise, abs=1e-4)


@pytest.mark.parametrize("size", [(32, 32), (33, 47), (128, 60), (256, 4)])
def test_unet_draws_the_size_of_the_image(size: tuple[int, int]) -> None:
    assert UNet(2, 1, size, 4, 5).eval()(torch.zeros(1, 2, *size)).shape == (1, 1, *size)


def test_margins_are_taken_off_where_they_were_put() -> None:
    margins = Margins(60, 76, 16)
    image = torch.arange(60 * 76.0).reshape(1, 1, 60, 76)
    padded = margins.padded(image)
    assert padded.shape == (1, 1, 64, 80)
    assert torch.equal(margins.cropped(padded), image)
    cells = torch.arange(20.0).reshape(1, 1, *margins.cells)
    assert np.array_equal(margins.spread_out(cells, 2)[0, 0, [0, -1], [0, -1]], [0.0, 19.0])
    assert margins.spread_out(cells, 2).shape == (1, 1, 30, 38)


def test_explained_parts_are_the_channels_of_the_residuals() -> None:
    models: list[Redrawing] = [
        variational(),
        Inpainter(levels(), FORM, MaskedSpec(width=4, hidden_px=16)),
        Autoencoder(levels(), FORM, AutoencoderSpec(width=4, latent=4, loss="ssim")),
    ]
    for model in models:
        model.eval()
        assert model(pictures(1)).shape[1] == len(model.parts)
        assert len(model.handed_over(model.levels(pictures(1)))) == len(model.handed)
