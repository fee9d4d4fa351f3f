"""No cheat pays unseen; ``python -m tests.bench fairness`` tries it on many more days."""

from functools import cache

import pytest

from tests.bench.cheats import CHEATS, HandOverAndBack, Whisper
from tests.bench.gains import Gain, Paired, differences, gains
from tests.bench.market import DAYS, Cheat, Floor

SEEDS = 60 // DAYS
NEVER_PAYS = ("claim", "booking after the car", "late entry", "ghost check-in, own phone")
"""What the rules give nothing for at all, whatever happens on the day."""


@cache
def honest(seed: int) -> Floor:
    return Floor(seed, Cheat()).run()


@pytest.mark.slow
@pytest.mark.parametrize("cheat", CHEATS, ids=lambda cheat: cheat.name)
def test_a_cheat_brings_nothing_or_is_shown_to_the_manager(cheat: type[Cheat]) -> None:
    gain = gains(differences(seed, (cheat,)) for seed in range(SEEDS))[cheat.name]
    assert gain.days == 60
    assert gain.is_none or gain.is_seen
    if cheat.name in NEVER_PAYS:
        assert gain.owned.mean <= 0
        assert gain.received.mean <= 0


def test_an_honest_day_gives_everybody_visitors_and_ends() -> None:
    floor = honest(1)
    assert all(received > 0 for _, received in map(floor.visitors_of, floor.staff))
    assert not floor.office.state.visits


def test_the_same_seed_is_the_same_day() -> None:
    again = Floor(1, Cheat()).run()
    assert again.office.journal == honest(1).office.journal


def test_a_cheat_that_pays_is_noticed() -> None:
    """The measure can tell a gain: a name that is whispered brings customers."""
    gain = gains(differences(seed, (Whisper,)) for seed in range(4))["whispered name"]
    assert gain.owned.mean > 0


def test_a_cheat_of_two_counts_both() -> None:
    floor = Floor(2, HandOverAndBack()).run()
    assert floor.cheater != floor.friend
    assert floor.told["transferred"] > 0


def test_a_gain_that_nobody_is_shown_is_not_hidden() -> None:
    gain = Gain(owned=Paired(2, 4.0, 8.0), days=4)
    assert not gain.is_none
    assert not gain.is_seen
