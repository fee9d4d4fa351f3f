"""Decisions do not change by the way: a change of the rules is a new edition of them."""

import hashlib
import random

import msgspec

from broker.journal.replay import unworded
from broker.rules.edition import EDITION
from broker.rules.policy import END_OF_LINE, KEEP_ORDER, Policy
from tests.days.moves import command_of
from tests.days.seeded import seeded_move
from tests.office import NAMES, Office

DAYS = 150
DIGEST_OF_EDITION = {2: "6904589cf12bc6a165665db3c506a29d0a229d55e0c46f272013c6b3c6654974"}
"""What was decided on all these days; of the current edition only."""


def seeded_day(seed: int) -> Office:
    chance = random.Random(seed)
    staff = tuple(NAMES)[: chance.randint(2, 6)]
    after_reception = chance.choice((END_OF_LINE, KEEP_ORDER))
    office = Office(staff, Policy(after_reception=after_reception))
    for number in range(1, chance.randint(20, 60)):
        move = seeded_move(chance)
        office.wait(move.wait_s)
        if command := command_of(move, office, number):
            office.take(command)
    return office


def test_what_the_rules_decide_changes_only_with_a_new_edition_of_them() -> None:
    digest = hashlib.sha256()
    for seed in range(DAYS):
        for taken in seeded_day(seed).journal:
            decided = unworded(msgspec.to_builtins(taken.events))
            digest.update(msgspec.json.encode(decided, order="deterministic"))
    assert {EDITION: digest.hexdigest()} == DIGEST_OF_EDITION, (
        "The rules decide these days otherwise than before. If nobody meant that, find the change. "
        "If it is meant, journals of the last release must still be read: raise EDITION in "
        "broker/rules/edition.py, once for each release, and put the new digest here."
    )
