"""The middle layers of a network that first learned, on the product, a task that it sets itself.

What the layers of a backbone see is what photographs of all kinds have; after a task on the product
they see what tells its good parts from their own turned or pasted copies.
"""

from __future__ import annotations

import onnx

from engines.backbones.export import export
from engines.bundle import TRAINING
from engines.memory.embedding import Embedding
from engines.memory.margin import is_cut
from engines.neural.cutpaste import train_cutpaste
from engines.neural.kept_images import KeptImages
from engines.neural.pretext import Lesson
from engines.neural.rotation import told_apart, train_rotation
from engines.taught import Folders, Images, Progress
from inspector.core.canonical import Json
from inspector.core.engine_spec import CutPasteSpec, DeepRxSpec, RotationSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat


def learned_features(
    images: Images,
    form: FrameFormat,
    spec: DeepRxSpec,
    progress: Progress,
    folders: Folders,
) -> tuple[onnx.ModelProto, dict[str, Json], dict[str, bytes]]:
    """The graph of features as of `features_graph`, its parameters, and the files of its training.

    Raises ``ConfigError``, and whatever ``progress`` raises.
    """
    if is_cut(form, spec):
        raise ConfigError(
            f"engine.tile: features: {spec.features} are trained on images in one piece",
            remedy="Give null, or features: backbone",
        )
    kept = KeptImages(images)
    own = spec.model_dump(include={"seed", "backbone", "weights", "epochs"})
    if spec.features == "rotation":
        task = RotationSpec.model_validate(own)
        trained = train_rotation(Lesson(kept, form, task, spec.strides, progress, folders))
        told_apart(trained, kept, progress)
    else:
        other = CutPasteSpec.model_validate(own)
        trained = train_cutpaste(Lesson(kept, form, other, spec.strides, progress, folders))
    progress("graph", 0.0)
    embedding = Embedding(form.pixel_format, trained.network.backbone, spec).eval()
    graph = export(embedding, form, tuple(f"scale{index}" for index in range(len(spec.scales))))
    return graph, trained.parameters, {TRAINING: trained.curves.to_json()}
