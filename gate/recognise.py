"""Runs the recogniser's network: strips in, probabilities of characters and colours out."""

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from gate.grammar import Probabilities
from shared.errors import OperatorError

MODEL = Path(__file__).parent / "models" / "recognise.onnx"


class Recogniser:
    """The network, loaded once; ``threads`` bounds what it takes of the machine.

    Raises: OperatorError where the model file is missing.
    """

    def __init__(self, model: Path | None = None, threads: int = 1) -> None:
        path = model or MODEL
        if not path.is_file():
            raise OperatorError(
                f"{path}: the recogniser's weights are missing. Install yingbin again, or train "
                "them: python -m gate.training recogniser --out DIR"
            )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )

    def look(self, strips: NDArray[np.uint8]) -> tuple[Probabilities, Probabilities]:
        """Characters (N × steps × classes) and colours (N × colours) of N×40×160×3 BGR strips."""
        batch = strips.transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1.0
        characters, colours = self._session.run(None, {"strips": np.ascontiguousarray(batch)})
        return np.asarray(characters, np.float32), np.asarray(colours, np.float32)
