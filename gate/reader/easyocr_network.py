"""Our recogniser in the form of an EasyOCR custom network (its ``recog_network``).

EasyOCR cuts, scales, batches and decodes; the network in between is the same `recognise`
that the default reader runs, so the weights exist once and no pickle holds them.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from gate.camera.frame import Image
from gate.reader.recognise import Recogniser
from gate.reader.rectify import STRIP_HEIGHT_PX, STRIP_WIDTH_PX
from shared.plate import ALPHABET

NAME = __name__
"""EasyOCR imports the module of this name and takes ``Model`` from it."""

_LEAST = 1e-12


def write_description(folder: Path) -> None:
    """Write the files that EasyOCR expects: its alphabet, and an empty file of weights."""
    description = {
        "lang_list": ["en"],
        "character_list": ALPHABET,
        "imgH": STRIP_HEIGHT_PX,
        "network_params": {},
    }
    text = json.dumps(description, ensure_ascii=False)  # JSON is YAML
    (folder / f"{NAME}.yaml").write_text(text, encoding="utf-8")
    torch.save({}, folder / f"{NAME}.pth")


def in_one_channel(strip: Image) -> Image:
    """A 40×160×3 strip as the 40×480 grey picture that EasyOCR passes on: B, G, R side by side."""
    return np.hstack([strip[:, :, channel] for channel in range(3)])


class Model(torch.nn.Module):
    """What EasyOCR calls; ``num_class`` counts the blank."""

    def __init__(self, num_class: int) -> None:
        super().__init__()
        assert num_class == 1 + len(ALPHABET)
        self._recogniser = Recogniser()

    def forward(self, pictures: Any, _text: Any) -> Any:
        """Logits (N × steps × classes) of N×1×40×480 in −1…1, made by `in_one_channel`."""
        pixels = (pictures.numpy() * 127.5 + 127.5).round().astype(np.uint8)
        strips = pixels.reshape(-1, STRIP_HEIGHT_PX, 3, STRIP_WIDTH_PX).transpose(0, 1, 3, 2)
        characters, _ = self._recogniser.look(strips)
        return torch.from_numpy(np.log(np.maximum(characters, _LEAST)))
