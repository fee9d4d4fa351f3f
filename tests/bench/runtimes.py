"""Which runtime and number format runs our two networks best: milliseconds, side by side.

    python -m tests.bench.runtimes [--repeat N] [--int8 DIR]

onnxruntime and ``cv2.dnn``, on one thread and two, take turns on the same inputs, so that noise
hits both alike. ``--int8`` also writes networks with 8-bit weights and activations into DIR,
calibrated on the demo's pictures, and runs those (needs the extra [train]).
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

import gate
from gate.camera.picture import read_picture
from gate.reader.detect import CLOSE_SIZE
from gate.reader.rectify import STRIP_HEIGHT_PX, STRIP_WIDTH_PX

PACKAGE = Path(gate.__file__).parent
FIRST_LOOK = (256, 416)
"""Height and width of a 1280×720 picture in the first look."""

Inputs = dict[str, NDArray[Any]]
Run = Callable[[], object]


def inputs_of(name: str, shape: tuple[int, int]) -> Inputs:
    """One input of a network, of noise."""
    rng = np.random.default_rng(0)
    if name == "detect":
        return {"picture": rng.integers(0, 256, (1, *shape, 3), dtype=np.uint8)}
    return {"strips": rng.uniform(-1, 1, (1, 3, *shape)).astype(np.float32)}


def by_onnxruntime(path: Path, inputs: Inputs, threads: int) -> Run:
    """A call of the network in onnxruntime."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # A thread that waits by spinning would take the time of whoever is measured next.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return lambda: session.run(None, inputs)


def by_opencv(path: Path, inputs: Inputs, threads: int) -> Run:
    """A call of the network in cv2.dnn."""
    net = cv2.dnn.readNetFromONNX(str(path))
    ((name, value),) = inputs.items()

    def run() -> object:
        cv2.setNumThreads(threads)
        net.setInput(value, name)
        return net.forward()

    return run


class _Calibration:
    """Hands out inputs one by one, as onnxruntime's CalibrationDataReader does."""

    def __init__(self, pictures: list[Inputs]) -> None:
        self._left: Iterator[Inputs] = iter(pictures)

    def get_next(self) -> Inputs | None:
        """The next input, None at the end."""
        return next(self._left, None)


def quantised(path: Path, folder: Path, pictures: list[Inputs]) -> Path:
    """The network with int8 weights and activations, written into ``folder``."""
    from onnxruntime import quantization

    folder.mkdir(parents=True, exist_ok=True)
    target = folder / path.name
    quantization.quantize_static(
        str(path), str(target), _Calibration(pictures), per_channel=True,
        op_types_to_quantize=["Conv"], quant_format=quantization.QuantFormat.QDQ,
    )  # fmt: skip
    return target


def calibration(name: str) -> list[Inputs]:
    """Inputs as the gate gives them, from the demo's pictures."""
    pictures = [read_picture(path) for path in sorted((PACKAGE / "demo").glob("*.jpg"))]
    if name == "detect":
        looks = [cv2.resize(picture, FIRST_LOOK[::-1]) for picture in pictures]
        close = [cv2.resize(picture[300:428, 500:692], CLOSE_SIZE[::-1]) for picture in pictures]
        return [{"picture": look[None]} for look in looks + close]
    from gate.reader.detect import Detector
    from gate.reader.rectify import loosened, straighten

    detector = Detector()
    strips = [
        straighten(picture, loosened(box.corners_px), box.rows)
        for picture in pictures
        for box in detector.find_plates(picture)[:1]
    ]
    return [
        {"strips": strip.transpose(2, 0, 1)[None].astype(np.float32) / 127.5 - 1}
        for strip in strips
    ]


def measured(runs: dict[str, Run], repeat: int) -> dict[str, float]:
    """The median milliseconds of each, taking turns."""
    took: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(repeat + 3):
        print(f"\r{turn}/{repeat + 3}", end="", file=sys.stderr)
        for name, run in runs.items():
            begin = time.perf_counter()
            run()
            if turn >= 3:
                took[name].append((time.perf_counter() - begin) * 1000)
    print("\r", end="", file=sys.stderr)
    return {name: median(times) for name, times in took.items()}


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=60)
    parser.add_argument("--int8", type=Path)
    asked = parser.parse_args()
    looks = {
        "a first look": ("detect", FIRST_LOOK),
        "a close look": ("detect", CLOSE_SIZE),
        "a plate": ("recognise", (STRIP_HEIGHT_PX, STRIP_WIDTH_PX)),
    }
    for what, (name, shape) in looks.items():
        path, inputs = PACKAGE / "models" / f"{name}.onnx", inputs_of(name, shape)
        runs: dict[str, Run] = {}
        for threads in (1, 2):
            runs[f"onnxruntime, {threads} thread"] = by_onnxruntime(path, inputs, threads)
            runs[f"cv2.dnn, {threads} thread"] = by_opencv(path, inputs, threads)
            if asked.int8:
                small = quantised(path, asked.int8, calibration(name))
                runs[f"onnxruntime int8, {threads} thread"] = by_onnxruntime(small, inputs, threads)
        for run, took_ms in measured(runs, asked.repeat).items():
            print(f"{what:14} {run:28} {took_ms:7.2f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
