"""Visitors whom only one person knows: so many a day, so that nobody makes up hundreds."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.hub.loop import HubLoop
from broker.hub.opening import open_hub
from broker.rules.policy import Policy
from shared.messages import NodeKind, Receipt, ReportKind
from shared.node import Node
from tests.fakes import SITE, FakeClock, FakeLink
from tests.hub_answers import report
from tests.hub_fixtures import PEOPLE, clocked
from tests.samples import arrival

MOST = 3
HOURS_TO_MIDNIGHT = 15


class Office:
    """A hub that takes three newcomers of a person a day, and what its senders are told."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        self.hub: Hub = clocked(
            open_hub(folder, PEOPLE, Policy(newcomers_a_day=MOST), clock), clock
        )
        self.clock, self.link = clock, FakeLink()
        self.loop = HubLoop(self.hub, self.link, Node(SITE, "hub", NodeKind.HUB, "test"))
        self.number = 0

    def tells(self, who: str, kind: ReportKind, visit_id: str | None = None) -> str | None:
        """What this person is told of the report; None: it is taken."""
        self.number += 1
        told = report(kind, who, self.number, visit_id=visit_id)
        self.link.deliver(replace(told, reported_at=self.clock()))
        self.loop.step(0.0)
        receipts = [sent for sent in self.link.sent if isinstance(sent, Receipt)]
        (receipt,) = [sent for sent in receipts if told.report_id in sent.ids]
        return receipt.refused.get("en")

    def rows(self, table: str) -> int:
        return int(self.hub.inbox.db.table(table).count)


@pytest.fixture
def office(tmp_path: Path, clock: FakeClock) -> Office:
    return Office(tmp_path, clock)


def test_further_visitors_whom_nobody_knows_are_refused_with_a_sentence_until_tomorrow(
    office: Office, clock: FakeClock
) -> None:
    for _ in range(MOST):
        assert office.tells("lin", ReportKind.ON_FOOT) is None
    before = {table: office.rows(table) for table in ("cares", "alert_groups", "journal")}
    for _ in range(50):
        said = office.tells("lin", ReportKind.ON_FOOT)
    assert said is not None
    assert "You have told of 3 visitors today" in said
    assert {table: office.rows(table) for table in before} == before
    assert office.tells("wu", ReportKind.GREETED, "an-invented-visit") is None, "not Lin's"
    clock.pass_s(HOURS_TO_MIDNIGHT * 3600.0)
    assert office.tells("lin", ReportKind.ON_FOOT) is None


def test_claims_to_made_up_visitors_are_bounded_too(office: Office) -> None:
    made_up = [f"invented-{number}" for number in range(MOST + 2)]
    said = [office.tells("li", ReportKind.CLAIM, visit_id) for visit_id in made_up]
    assert [words is None for words in said] == [True] * MOST + [False] * 2


def test_who_the_gate_has_seen_or_was_told_of_once_counts_no_more(office: Office) -> None:
    office.link.deliver(arrival())
    office.loop.step(0.0)
    visit = office.hub.visits.of_arrival("a-1")
    assert visit is not None
    for _ in range(2 * MOST):
        assert office.tells("wu", ReportKind.GREETED, visit.visit_id) is None
        assert office.tells("wu", ReportKind.GREETED, "a-walker") is None
    assert office.tells("wu", ReportKind.GREETED, "a-walker-2") is None
