"""A plate of one colour shown in another."""

import numpy as np
import pytest

from gate.training.paint import GROUNDS, repainted
from gate.training.weather import Picture, stretched
from shared.plate import COLOURS


def _striped(ground: int, ink: int) -> Picture:
    picture = np.full((36, 136, 3), ground, np.uint8)
    picture[8:28, 10:126:12] = ink
    return picture


@pytest.mark.parametrize("light_ink", [True, False])
@pytest.mark.parametrize("colour", COLOURS)
def test_strokes_stay_where_they_are_and_take_the_other_colour(
    colour: str, light_ink: bool
) -> None:
    plate = _striped(60, 200) if light_ink else _striped(200, 60)
    rng = np.random.default_rng(0)
    painted = repainted(plate, light_ink, colour, rng).astype(float)
    ground, ink = painted[18, 4:8].mean(axis=0), painted[18, 10:126:12].mean(axis=0)
    assert np.abs(ground - np.mean(GROUNDS[colour], axis=0)).max() < 45
    assert (ink.mean() > ground.mean()) == (colour in ("blue", "black"))
    assert abs(ink.mean() - ground.mean()) > 60


def test_a_stretched_picture_shows_faint_strokes_more_clearly() -> None:
    faint = _striped(100, 112)
    for seed in range(20):
        seen = stretched(faint, np.random.default_rng(seed))
        assert seen.shape == faint.shape
        assert seen.dtype == np.uint8
    spans = [np.ptp(stretched(faint, np.random.default_rng(seed))) for seed in range(20)]
    assert np.mean(spans) > np.ptp(faint)
