"""The plate detector's network.

It looks at a picture of any size (sides a multiple of 32) and says, for every 8×8 px cell, how
likely a plate's centre lies there, where its four corners are, and whether it has two rows.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

STRIDE_PX = 8
OFFSET_PX = 32.0
"""One unit of the network's corner offsets, in px: keeps its outputs near 1."""


def _conv(inputs: int, outputs: int, stride: int = 1, size: int = 3) -> nn.Sequential:
    """A convolution with batch normalisation and ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class _Residual(nn.Module):
    """Two plain convolutions around a short cut; good where the map is large."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            _conv(width, width),
            nn.Conv2d(width, width, 3, 1, 1, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.body(x))


class _Separable(nn.Module):
    """A depthwise 5×5 and a pointwise convolution around a short cut; cheap and far-sighted."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(width, width, 5, 1, 2, groups=width, bias=False),
            nn.BatchNorm2d(width),
            _conv(width, width, size=1),
            nn.Conv2d(width, width, 1, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.body(x))


class DetectorNet(nn.Module):
    """Plate centres, corners and rows at stride 8, with sight down to stride 32."""

    def __init__(self) -> None:
        super().__init__()
        self.to_4 = nn.Sequential(_conv(3, 12, 2), _conv(12, 24, 2))
        self.to_8 = nn.Sequential(_conv(24, 48, 2), _Residual(48))
        self.to_16 = nn.Sequential(_conv(48, 96, 2), *(_Separable(96) for _ in range(4)))
        self.to_32 = nn.Sequential(_conv(96, 128, 2), *(_Separable(128) for _ in range(4)))
        self.up_16 = _conv(128, 96, size=1)
        self.mix_16 = _Separable(96)
        self.up_8 = _conv(96, 48, size=1)
        self.mix_8 = _Separable(48)
        self.head = nn.Sequential(_conv(48, 48), nn.Conv2d(48, 10, 1))
        last = self.head[-1]
        assert isinstance(last, nn.Conv2d)
        assert last.bias is not None
        with torch.no_grad():
            last.bias[0] = -4.0  # most cells hold no plate

    def forward(self, picture: Tensor) -> Tensor:
        """N×10×(H/8)×(W/8) raw values: centre, eight corner offsets, two-row."""
        at_8 = self.to_8(self.to_4(picture))
        at_16 = self.to_16(at_8)
        at_32 = self.to_32(at_16)
        at_16 = self.mix_16(at_16 + functional.interpolate(self.up_16(at_32), scale_factor=2.0))
        at_8 = self.mix_8(at_8 + functional.interpolate(self.up_8(at_16), scale_factor=2.0))
        maps: Tensor = self.head(at_8)
        return maps


class ExportNet(nn.Module):
    """The network as the gate calls it: N×H×W×3 uint8 BGR in, maps in plain units out."""

    def __init__(self, net: DetectorNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, picture: Tensor) -> Tensor:
        """N×10×h×w float32: centre score, eight corner offsets in px, two-row probability."""
        maps = self.net(as_input(picture))
        return torch.cat(
            (torch.sigmoid(maps[:, :1]), maps[:, 1:9] * OFFSET_PX, torch.sigmoid(maps[:, 9:])), 1
        )


def as_input(picture: Tensor) -> Tensor:
    """N×3×H×W float32 around 0 from N×H×W×3 uint8."""
    return picture.permute(0, 3, 1, 2).to(torch.float32) * (1 / 64.0) - 2.0
