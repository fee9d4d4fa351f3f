"""EasyOCR as it comes, with its English weights: it knows no province."""

from typing import Any

import cv2
import easyocr
import torch
from easyocr_en_models import model_dir

from tests.bench.peers.readers.speak import Plates, Read, serve

_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_SHORTEST, _LONGEST = 5, 8


def open_reader(threads: int) -> Read:
    """Its own detector and English recogniser, from a package: nothing is downloaded."""
    torch.set_num_threads(threads)
    reader = easyocr.Reader(
        ["en"],
        gpu=False,
        verbose=False,
        download_enabled=False,
        model_storage_directory=model_dir(),
    )

    def read(image: Any, is_crop: bool) -> Plates:
        if is_crop:
            grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
            answers = reader.recognize(grey, allowlist=_LETTERS)
        else:
            answers = reader.readtext(image, allowlist=_LETTERS)
        found = [(str(text), float(confidence)) for _, text, confidence in answers]
        long = [text for text in found if _SHORTEST <= len(text[0]) <= _LONGEST]
        return sorted(long, key=lambda text: -text[1])

    return read


if __name__ == "__main__":
    serve(open_reader)
