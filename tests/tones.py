"""Makes the tones that phones ring with: ``python -m tests.tones``.

Each is a few notes of a struck bar of wood or metal: a clear beginning that is heard in a noisy
hall, and an end that dies away by itself. They are ours, under the licence of the rest.
"""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broker.console import app

FOLDER = Path(app.__file__).parent / "static" / "tones"
RATE = 16_000
"""Samples a second."""
PEAK = 0.8
BAR = ((1.0, 1.0, 7.0), (3.93, 0.35, 14.0), (9.2, 0.12, 28.0))
"""The partials of a marimba's bar: ratio, strength, and how fast each dies away."""
BELL = ((1.0, 1.0, 4.0), (2.0, 0.5, 5.0), (3.01, 0.25, 8.0), (5.4, 0.12, 14.0))
"""Those of a small bell."""
C5, E5, G5, C6, A4, D5 = 523.25, 659.26, 783.99, 1046.5, 440.0, 587.33

TONES = {
    "call": (BAR, ((0.0, C5), (0.13, E5), (0.26, G5), (0.39, C6)), 1.0),
    "task": (BAR, ((0.0, G5), (0.18, D5), (0.36, G5)), 0.85),
    "notice": (BELL, ((0.0, E5),), 0.8),
    "loss": (BELL, ((0.0, E5), (0.25, A4)), 1.0),
}
"""By what it is for: the instrument, its notes (when, in seconds, and hertz), and how long."""


def tone(name: str) -> NDArray[np.int16]:
    """The samples of the tone."""
    partials, notes, long_s = TONES[name]
    moments = np.arange(int(RATE * long_s)) / RATE
    sound = np.zeros_like(moments)
    for begins_s, hertz in notes:
        since = np.clip(moments - begins_s, 0, None)
        struck = np.minimum(since / 0.004, 1.0)  # without it the beginning would crack
        for ratio, strength, decay in partials:
            wave_of = np.sin(2 * np.pi * hertz * ratio * since)
            sound += struck * strength * np.exp(-decay * since) * wave_of
    fading = np.minimum((long_s - moments) / 0.05, 1.0)
    sound *= fading
    made: NDArray[np.int16] = np.round(sound / np.abs(sound).max() * PEAK * 32767).astype(np.int16)
    return made


def read(path: Path) -> NDArray[np.int16]:
    """The samples of a file."""
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


def write(path: Path, samples: NDArray[np.int16]) -> None:
    """Write one channel of 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in TONES:
        write(FOLDER / f"{each}.wav", tone(each))
