"""The tones of the phones, as the files that a page loads."""

import wave
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.tones import FOLDER, RATE, TONES, read, tone

WINDOW = 2048
EACH = pytest.mark.parametrize("name", sorted(TONES))


def test_every_kind_has_its_tone_and_no_other_file_lies_there() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(TONES)


@EACH
def test_a_tone_is_small_short_and_plays_everywhere(name: str) -> None:
    path = FOLDER / f"{name}.wav"
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        assert 0.5 <= file.getnframes() / RATE <= 1.2
    assert path.stat().st_size < 40_000


@EACH
def test_a_tone_is_loud_but_neither_clipped_nor_cut_off(name: str) -> None:
    samples = read(FOLDER / f"{name}.wav") / 32767
    assert 0.7 < np.abs(samples).max() < 0.9
    assert np.abs(samples[:2]).max() < 0.05
    assert np.abs(samples[-50:]).max() < 0.01


@EACH
def test_the_file_is_what_its_score_makes(name: str) -> None:
    stored, made = read(FOLDER / f"{name}.wav"), tone(name)
    assert stored.shape == made.shape
    assert np.abs(stored.astype(int) - made.astype(int)).max() <= 2


def melody(samples: NDArray[np.int16]) -> list[float]:
    """The strongest hertz of each piece of the tone."""
    pieces = [samples[at : at + WINDOW] for at in range(0, len(samples) - WINDOW, WINDOW)]
    spectra = [np.abs(np.fft.rfft(piece * np.hanning(WINDOW))) for piece in pieces]
    return [float(spectrum.argmax()) * RATE / WINDOW for spectrum in spectra]


@pytest.mark.parametrize(("name", "other"), list(combinations(sorted(TONES), 2)))
def test_no_two_tones_can_be_taken_for_each_other(name: str, other: str) -> None:
    pairs = list(
        zip(*(melody(read(FOLDER / f"{each}.wav")) for each in (name, other)), strict=False)
    )
    different = sum(abs(hertz - than) > 30 for hertz, than in pairs)
    assert different >= len(pairs) / 2
