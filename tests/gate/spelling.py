"""Answers of a recogniser that spell what a test wants, so that no network is needed."""

import numpy as np

from gate.reader.lattice import Probabilities
from shared.plate import ALPHABET, COLOURS

STEPS = 40


def strip(text: str, sure: float = 0.98, **doubts: tuple[str, float]) -> Probabilities:
    """Probabilities that spell ``text``; ``p3=("8", 0.4)`` puts a rival at place 3."""
    seen = np.full((STEPS, 1 + len(ALPHABET)), 1e-5, np.float32)
    seen[:, 0] = 1.0
    for place, char in enumerate(text):
        row = seen[2 + place * 4]
        row[:] = 1e-5
        row[1 + ALPHABET.index(char)] = sure
        row[0] = 1.0 - sure
        if rival := doubts.get(f"p{place}"):
            row[1 + ALPHABET.index(rival[0])] = rival[1]
    return np.asarray(seen / seen.sum(axis=1, keepdims=True), np.float32)


def ground(colour: str, sure: float = 0.95) -> Probabilities:
    """Colour probabilities that favour ``colour``."""
    rest = (1.0 - sure) / (len(COLOURS) - 1)
    return np.array([sure if name == colour else rest for name in COLOURS], np.float32)
