"""Runs the recogniser's network: strips in, probabilities of characters and colours out."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gate.reader.lattice import Probabilities
from gate.reader.network import Network
from shared.plate import ALPHABET, COLOURS

MODEL = Path(__file__).parents[1] / "models" / "recognise.onnx"
STEPS = 40
ANSWERS = {"characters": (STEPS, 1 + len(ALPHABET)), "colours": (len(COLOURS),)}


class Recogniser:
    """The network, loaded once; ``threads`` limits how many threads it uses.

    Raises: OperatorError where the model file is missing, damaged or of another network.
    """

    def __init__(self, model: Path | None = None, threads: int = 1) -> None:
        self._network = Network(
            model or MODEL, threads=threads, trained_by="recogniser", answers=ANSWERS
        )

    def look(self, strips: NDArray[np.uint8]) -> tuple[Probabilities, Probabilities]:
        """Characters (N × steps × classes) and colours (N × colours) of N×40×160×3 BGR strips."""
        batch = strips.transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1.0
        characters, colours = self._network.run(strips=np.ascontiguousarray(batch))
        return characters, colours
