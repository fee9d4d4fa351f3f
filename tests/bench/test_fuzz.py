"""Some of the strange messages that ``python -m tests.bench fuzz`` sends, and how they are made."""

import random
from itertools import islice
from pathlib import Path

import pytest

from shared.codec import read_delivery
from shared.errors import MessageError
from tests.bench.fuzz.attack import attack
from tests.bench.fuzz.strange import HOWS, Strange, strange_messages
from tests.fakes import SITE


def drawn(seed: int, count: int = 500) -> list[Strange]:
    return list(islice(strange_messages("south", random.Random(seed)), count))


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.timeout(300)
def test_a_hub_outlives_strange_messages_and_takes_what_honest_people_send(tmp_path: Path) -> None:
    found = attack(tmp_path, messages=1_000, seed=7, pace=100, quiet_s=5)
    assert found.wrong == []
    assert set(found.sent) == set(HOWS)
    assert len(found.attacked_ms) > 0


def test_every_way_of_spoiling_is_drawn_and_the_same_seed_draws_the_same_topics() -> None:
    first, again = drawn(1), drawn(1)
    assert {strange.how for strange in first} == set(HOWS)
    assert [strange.topic for strange in first] == [strange.topic for strange in again]


def test_some_of_them_can_be_read_and_most_cannot() -> None:
    readable = 0
    for strange in drawn(2):
        try:
            read_delivery(strange.topic, strange.payload, site=SITE)
            readable += 1
        except MessageError:
            continue
    assert 50 < readable < 400
