"""hyperlpr 0.0.2 with its faults mended from outside, so that it is measured at its best.

It calls what NumPy and OpenCV have dropped, stops after the first find, fails on what lies at
the border, divides by the length of an empty text, and runs its network over full-size photos.
"""

from typing import Any

import cv2
import numpy as np

from tests.bench.peers.readers.speak import Plates, Read, serve

_LONGEST_PX = 640
_SCORE = 0.5
_MEAN, _STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])


def open_reader(_threads: int) -> Read:
    """Its two-step reader; OpenCV runs the networks, and `speak` has set its threads."""
    np.int = int  # type: ignore[attr-defined]
    cv2.estimateRigidTransform = _rigid_transform  # type: ignore[attr-defined]
    import hyperlpr

    lpr = hyperlpr.PR

    def read(image: Any, is_crop: bool) -> Plates:
        if is_crop:
            return _legible(lpr, image)
        scale = min(1.0, _LONGEST_PX / max(image.shape[:2]))
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        found = []
        for box in _found(lpr, small):
            cut = lpr.loose_crop(image, [int(side / scale) for side in box], 120 / 48)
            if min(cut.shape[:2]) > 1:
                found += _legible(lpr, lpr.finetune(cut))
        return sorted(found, key=lambda plate: -plate[1])

    return read


def _rigid_transform(source: Any, target: Any, _is_full: bool) -> Any:
    return cv2.estimateAffine2D(source, target)[0]


def _found(lpr: Any, image: Any) -> list[list[float]]:
    """Every box of its detector, not only the first; left, top, right, bottom in px."""
    height, width = image.shape[:2]
    rgb = (image[:, :, ::-1].astype(np.float32) / 255 - _MEAN) / _STD
    lpr.ssd_detection.setInput(np.ascontiguousarray(rgb.transpose(2, 0, 1)[None], np.float32))
    boxes = []
    for _, _, score, *sides in lpr.ssd_detection.forward()[0, 0]:
        if score > _SCORE:
            box = np.clip(sides, 0, 1) * [width, height, width, height]
            if box[2] - box[0] > 1 and box[3] - box[1] > 1:
                boxes.append([float(side) for side in box])
    return boxes


def _legible(lpr: Any, plate: Any) -> Plates:
    try:
        text, sure = lpr.segmentation_free_recognition(plate)
    except ZeroDivisionError:  # no character
        return []
    return [(text, float(sure))]


if __name__ == "__main__":
    serve(open_reader)
