"""Moves that a seed chooses: the same on every machine, and in every release of hypothesis."""

import random

from shared.messages import Answer3
from tests.days.moves import KINDS, WAITS_S
from tests.days.scene import Move


def seeded_move(chance: random.Random) -> Move:
    """The next move that ``chance`` has."""
    return Move(
        kind=chance.choice(KINDS),
        wait_s=chance.choice(WAITS_S),
        a=chance.randrange(12),
        b=chance.randrange(12),
        answers=(
            chance.choice(tuple(Answer3)),
            chance.choice(tuple(Answer3)),
            chance.choice(tuple(Answer3)),
        ),
    )
