"""The conversation with the bench: a line of JSON for each picture, a line of JSON back."""

import json
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2

Plates = list[tuple[str, float]]
"""Text and confidence, best first."""

Read = Callable[[Any, bool], Plates]
"""Takes an H×W×3 BGR picture and whether it is a plate that was cut out."""

_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_MARKS = "挂学警港澳领使"
_SEPARATORS = re.compile(r"[^0-9A-Z\u4e00-\u9fff]")
_PLATE = re.compile(rf"[{_PROVINCES}][A-Z][A-Z0-9]{{4,5}}[A-Z0-9{_MARKS}]")
_UPPER_ROW = re.compile(rf"[{_PROVINCES}][A-Z]")
_LOWER_ROW = re.compile(rf"[A-Z0-9]{{4}}[A-Z0-9{_MARKS}]")


def serve(open_reader: Callable[[int], Read]) -> None:
    """Answer until the bench hangs up; ``open_reader`` gets the number of threads to use."""
    threads = int(sys.argv.pop(1))  # some readers look at the command line themselves
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no answer
    cv2.setNumThreads(threads)
    read = open_reader(threads)

    def answer(said: dict[str, object]) -> None:
        answers.write(json.dumps({**said, "peak_mb": _peak_mb()}) + "\n")
        answers.flush()

    answer({"is_ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        image = cv2.imread(asked["picture"])
        started = time.perf_counter()
        try:
            plates = read(image, asked["is_crop"])
        except Exception as error:  # noqa: BLE001  a peer's failure is one of its figures
            answer({"error": f"{type(error).__name__}: {error}"})
            continue
        answer({"plates": plates, "took_ms": (time.perf_counter() - started) * 1000})


def plates_among(lines: Sequence[tuple[str, float]]) -> Plates:
    """The plates in lines of text from top to bottom, as a patient user would pick them out."""
    plain = [(_plain(text), confidence) for text, confidence in lines]
    found = [
        (match[0], confidence)
        for text, confidence in plain
        if (match := _PLATE.search(text)) is not None
    ]
    for (upper, first), (lower, second) in pairwise(plain):
        if _UPPER_ROW.fullmatch(upper) and _LOWER_ROW.fullmatch(lower):
            found.append((upper + lower, min(first, second)))
    return sorted(found, key=lambda plate: -plate[1])


def only_plate(lines: Sequence[tuple[str, float]]) -> Plates:
    """All lines of a cut-out plate as one text."""
    text = "".join(_plain(line) for line, _ in lines)
    return [(text, min(confidence for _, confidence in lines))] if text else []


def _plain(text: str) -> str:
    return _SEPARATORS.sub("", text.upper())


def _peak_mb() -> float:
    """The most memory this process ever held; unlike rusage it starts anew with the program."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (peak_kb,) = re.findall(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(peak_kb) / 1024
