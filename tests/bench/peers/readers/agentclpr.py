"""agentclpr, with two things mended: its threads, and plates at the border."""

from typing import Any

import cv2
import onnxruntime

from tests.bench.peers.readers.speak import Plates, Read, only_plate, serve

_MARGIN_PX = 32
"""It cuts 10 px more than it found and fails where there is nothing more."""


def open_reader(threads: int) -> Read:
    """Detector, and a text reader inside what it found."""
    _bound(threads)
    from agentclpr import CLPSystem

    system = CLPSystem()

    def read(image: Any, is_crop: bool) -> Plates:
        if is_crop:
            answers = system.ocr(image, det=False)
            return only_plate([(text, float(sure)) for text, sure in answers or []])
        margins = (_MARGIN_PX,) * 4
        framed = cv2.copyMakeBorder(image, *margins, cv2.BORDER_REPLICATE)
        return [plate for _, (text, sure) in system(framed) for plate in only_plate([(text, sure)])]

    return read


def _bound(threads: int) -> None:
    """Its sessions take every core and offer no setting."""
    make = onnxruntime.InferenceSession

    def bounded(path: str, sess_options: Any = None, **options: Any) -> Any:
        chosen = sess_options or onnxruntime.SessionOptions()
        chosen.intra_op_num_threads, chosen.inter_op_num_threads = threads, 1
        options.setdefault("providers", ["CPUExecutionProvider"])
        return make(path, sess_options=chosen, **options)

    onnxruntime.InferenceSession = bounded


if __name__ == "__main__":
    serve(open_reader)
