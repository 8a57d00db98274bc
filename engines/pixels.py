"""The first step of every graph: raw bytes to grey levels."""

from __future__ import annotations

from torch import Tensor, nn

from inspector.core.frame import PixelFormat


class GreyLevels(nn.Module):
    """uint8[N, H, W, bytes] to float32[N, 1 or 3, H, W] in 0..255, whatever the depth.

    The cast comes first: not every runtime can move uint8 about. Deep colours come as two bytes,
    low one first; TensorRT has no 16-bit integers.
    """

    def __init__(self, pixel_format: PixelFormat) -> None:
        super().__init__()
        self._deep = pixel_format.depth > 8
        self._scale = 255.0 / (2**pixel_format.depth - 1)

    def forward(self, image: Tensor) -> Tensor:
        """Grey levels of a batch of raw images."""
        x = image.float()
        if self._deep:
            x = (x[..., 0::2] + 256.0 * x[..., 1::2]) * self._scale
        return x.permute(0, 3, 1, 2)
