"""The recogniser's network, and its way into an ONNX file."""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from gate.reader.rectify import STRIP_HEIGHT_PX, STRIP_WIDTH_PX
from shared.plate import ALPHABET, COLOURS

BLANK = 0
CLASSES = 1 + len(ALPHABET)


def _conv(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class Added(nn.Module):
    """A layer beside which its input passes: until it has learned something it changes nothing, so
    a network that is trained can grow.
    """

    def __init__(self, channels: int, size: tuple[int, int]) -> None:
        super().__init__()
        padding = (size[0] // 2, size[1] // 2)
        self.conv = nn.Conv2d(channels, channels, size, padding=padding, bias=False)
        self.norm = nn.BatchNorm2d(channels)
        nn.init.zeros_(self.norm.weight)

    def forward(self, seen: Tensor) -> Tensor:
        """``seen``, which is never below 0, and what the layer adds to it."""
        return functional.relu(seen + self.norm(self.conv(seen)))


class RecogniserNet(nn.Module):
    """Reads a strip in one pass: N×3×40×160 in −1…1 gives N×40×classes logits (class 0 is the
    CTC blank, then `shared.plate.ALPHABET`) and N×colours logits. A grown one has three layers
    more: 0.9 instead of 0.5 million weights, and two fifths more to count.
    """

    def __init__(self, is_grown: bool = False) -> None:
        super().__init__()
        self.near = nn.Sequential(
            _conv(3, 24, 2), _conv(24, 32), nn.MaxPool2d(2), _conv(32, 64), _conv(64, 80)
        )
        shapes = [Added(112, (3, 3))] if is_grown else []
        context = [Added(160, (1, 5)), Added(160, (1, 5))] if is_grown else []
        self.far = nn.Sequential(nn.MaxPool2d((2, 1)), _conv(80, 112), _conv(112, 112), *shapes)
        self.read = nn.Sequential(
            nn.Conv2d(112, 160, (5, 1), bias=False),
            nn.BatchNorm2d(160),
            nn.ReLU(inplace=True),
            nn.Conv2d(160, 160, (1, 5), padding=(0, 2), bias=False),
            nn.BatchNorm2d(160),
            nn.ReLU(inplace=True),
            *context,
            nn.Dropout(0.1),
            nn.Conv2d(160, CLASSES, 1),
        )
        self.colour = nn.Sequential(nn.Flatten(), nn.Linear(4 * 80, len(COLOURS)))

    def forward(self, strips: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of characters and of colours."""
        near = self.near(strips)
        quarters = functional.avg_pool2d(near, (10, 10))
        logits = self.read(self.far(near)).squeeze(2).transpose(1, 2)
        return logits, self.colour(quarters)


def best_path(logits: Tensor) -> list[str]:
    """The texts a plain CTC decode gives."""
    texts = []
    for path in logits.argmax(2).tolist():
        kept = [c for i, c in enumerate(path) if c != BLANK and (i == 0 or c != path[i - 1])]
        texts.append("".join(ALPHABET[c - 1] for c in kept))
    return texts


class _Answers(nn.Module):
    """The network as the gate runs it: probabilities instead of logits."""

    def __init__(self, net: nn.Module, temperature: float) -> None:
        super().__init__()
        self.net, self.temperature = net, temperature

    def forward(self, strips: Tensor) -> tuple[Tensor, Tensor]:
        logits, colours = self.net(strips)
        return functional.softmax(logits / self.temperature, 2), functional.softmax(colours, 1)


def export(net: nn.Module, path: Path, temperature: float = 1.0) -> None:
    """Write ``path``: strips (N×3×40×160) in, characters (N×40×classes) and colours (N×6) out.

    ``temperature`` divides the logits of characters: above 1 the answers are less sure of
    themselves (Guo et al. 2017, On Calibration of Modern Neural Networks).
    """
    answers = _Answers(net, temperature).eval()
    strips = torch.zeros(1, 3, STRIP_HEIGHT_PX, STRIP_WIDTH_PX)
    names = {"input_names": ["strips"], "output_names": ["characters", "colours"]}
    torch.onnx.export(
        answers, (strips,), str(path), dynamo=False, opset_version=17,
        dynamic_axes={"strips": {0: "n"}, "characters": {0: "n"}, "colours": {0: "n"}}, **names,
    )  # fmt: skip
    net.train()
