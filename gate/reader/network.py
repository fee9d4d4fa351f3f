"""Loads one of our two networks. The only module that imports onnxruntime."""

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.errors import OperatorError

# Unless told before its import, onnxruntime 1.32 counts its use: it writes to the user's cache and
# asks the network for the collector's address.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as states

Answers = dict[str, tuple[int, ...]]
"""The names of a network's outputs, and the shape of each for one input."""

_DAMAGED = (
    states.Fail,
    states.InvalidArgument,
    states.InvalidGraph,
    states.InvalidProtobuf,
    states.NotImplemented,
    states.RuntimeException,
)


class Network:
    """A network in memory; ``threads`` limits how many threads it uses."""

    def __init__(
        self, path: Path, *, threads: int, trained_by: str, answers: Answers | None = None
    ) -> None:
        """Raises: OperatorError where ``path`` is missing, damaged or, with ``answers``, another
        network than one with these outputs; ``trained_by`` is the command.
        """
        if not path.is_file():
            raise OperatorError("error.weights", path=path, trained_by=trained_by)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except _DAMAGED as error:
            raise OperatorError("error.weights_damaged", path=path) from error
        found = {output.name: tuple(output.shape[1:]) for output in self._session.get_outputs()}
        if answers is not None and found != answers:
            raise OperatorError("error.weights_other", path=path, trained_by=trained_by)

    def run(self, **inputs: NDArray[Any]) -> list[NDArray[np.float32]]:
        """All outputs for ``inputs``, in the order of the file."""
        return [np.asarray(output, np.float32) for output in self._session.run(None, inputs)]
