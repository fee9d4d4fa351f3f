"""On any day the hub's tables find the same as a search through everything in memory."""

from contextlib import closing

from hypothesis import given, settings

from broker.decider import Decider
from broker.journal.entries import Journal
from broker.journal.hub_file import HubFile
from broker.rules.judge import keys_of
from broker.store.schema import migrate
from tests.days.living import live
from tests.days.moves import Day, days


@settings(max_examples=20, deadline=None)
@given(days)
def test_the_decider_over_its_tables_decides_as_the_rules_do_in_memory(
    day: Day,
) -> None:
    office = live(day)
    with closing(HubFile.in_memory()) as db:
        migrate(db)
        decider = Decider(db, Journal(db), office.policy)
        for taken in office.journal:
            keys = keys_of(decider.state, taken.command)
            assert decider.known(keys, taken.command.at) == taken.known
            with decider.atomic():
                assert decider.take(taken.command) == taken.events
    assert decider.state == office.state
