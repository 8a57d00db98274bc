"""A recipe with another backbone, and a teaching that finds its graph in the cache."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engines.backbones.registry import PACKAGED
from inspector.core.canonical import sha256_hex
from inspector.core.engine_spec import AutoencoderSpec, PatchCoreSpec
from inspector.core.errors import ConfigError
from inspector.core.recipe import Recipe
from inspector.teaching.backbone import with_backbone
from inspector.teaching.teach import TeachResult
from tests.engines.brought import weights_file
from tests.teaching.conftest import recipe


def spec_of(changed: Recipe) -> PatchCoreSpec:
    assert isinstance(changed.engine, PatchCoreSpec)
    return changed.engine


def test_neither_changes_nothing(tmp_path: Path) -> None:
    assert with_backbone(recipe(), None, None, tmp_path) == recipe()


def test_a_file_goes_into_the_recipe_by_its_hash(tmp_path: Path) -> None:
    file = weights_file(tmp_path / "mine.safetensors", "resnet18")
    changed = with_backbone(recipe(), "resnet18", file, tmp_path / "weights")
    digest = sha256_hex(file.read_bytes())
    assert spec_of(changed) == PatchCoreSpec(coreset=200, backbone="resnet18", weights=digest)
    assert (tmp_path / "weights" / f"{digest}.safetensors").is_file()
    assert changed.hash != recipe().hash
    # The next teaching needs the file no more; another backbone has no use for it.
    assert with_backbone(changed, "resnet18", None, tmp_path) == changed
    assert spec_of(with_backbone(changed, "efficientnet-lite1", None, tmp_path)).weights is None


def test_packaged_backbones_need_no_file(tmp_path: Path) -> None:
    for name in PACKAGED:
        assert spec_of(with_backbone(recipe(), name, None, tmp_path)).backbone == name


@pytest.mark.parametrize(
    ("backbone", "words"),
    [
        ("vgg16", "vgg16 comes without weights.*--weights FILE"),
        ("timm:convnext_tiny", "timm:convnext_tiny comes without weights"),
        ("nothing", "unknown backbone 'nothing'"),
    ],
)
def test_what_cannot_be_taught(backbone: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=words):
        with_backbone(recipe(), backbone, None, tmp_path)


def test_an_engine_without_a_backbone(tmp_path: Path) -> None:
    other = recipe().model_copy(update={"engine": AutoencoderSpec()})
    with pytest.raises(ConfigError, match="autoencoder has no backbone"):
        with_backbone(other, "resnet18", None, tmp_path)


_TEACH = """
import sys
from pathlib import Path
from inspector.teaching.teach import teach
from tests.teaching.conftest import recipe
result = teach(sys.argv[1], recipe(), Path(sys.argv[2]))
assert "torch" not in sys.modules, "torch was loaded"
print(result.bundle_hash)
"""


def test_a_cached_graph_needs_no_torch(taught: tuple[TeachResult, Path], mvtec: Path) -> None:
    first, data = taught
    done = subprocess.run(
        [sys.executable, "-c", _TEACH, str(mvtec), str(data)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == first.bundle_hash
