"""PP-OCRv4 through rapidocr-onnxruntime: a reader of any text."""

from typing import Any

from rapidocr_onnxruntime import RapidOCR

from tests.bench.peers.readers.speak import Plates, Read, only_plate, plates_among, serve


def open_reader(threads: int) -> Read:
    """Detector, turner and recogniser with the weights in its wheel."""
    reader = RapidOCR(intra_op_num_threads=threads, inter_op_num_threads=1)

    def read(image: Any, is_crop: bool) -> Plates:
        if is_crop:
            lines, _ = reader(image, use_det=False, use_cls=False)
            return only_plate([(text, float(sure)) for text, sure in lines or []])
        lines, _ = reader(image)
        return plates_among([(text, float(sure)) for _, text, sure in lines or []])

    return read


if __name__ == "__main__":
    serve(open_reader)
