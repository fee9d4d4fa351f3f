"""Who goes to a visitor (确认): noted once, even before the rules know who the visitor is."""

import msgspec

from broker.journal.steps import Step
from broker.rules import commands as c
from broker.rules import events as e
from broker.rules.policy import Policy
from broker.rules.state import MANAGER
from tests.office import Office

CLOSED = Policy(open="00:00", close="00:01")


def claim(office: Office, visit_id: str, staff_id: str) -> tuple[e.Event, ...]:
    return office.take(c.Claim(at=office.now, visit_id=visit_id, staff_id=staff_id))


def claimed_by(office: Office, visit_id: str = "v1") -> str | None:
    return office.state.visits[visit_id].claimed_by


def test_whoever_was_told_of_a_car_goes_and_the_decision_asks_its_own_host() -> None:
    office = Office()
    office.take(c.Arrive(at=office.now, visit_id="v1", plate="浙A00001"))
    claim(office, "v1", "wang")
    assert claimed_by(office) == "wang"
    office.check_in("v1")
    assert (office.host("v1"), claimed_by(office)) == ("li", None)


def test_one_of_several_managers_receives_and_no_second_takes_the_visitor_away() -> None:
    office = Office(policy=CLOSED)
    office.check_in("v1")
    assert office.host("v1") == MANAGER
    claim(office, "v1", "chen")
    assert claim(office, "v1", "zhou") == ()
    assert (office.host("v1"), claimed_by(office)) == (MANAGER, "chen")


def test_which_manager_helps_is_known() -> None:
    office = Office()
    office.check_in("v1")
    office.take(c.Help(at=office.now, visit_id="v1", for_id="li", manager_id="chen"))
    assert (office.host("v1"), claimed_by(office)) == (MANAGER, "chen")


def test_nobody_claims_what_the_rules_gave_to_somebody_or_what_is_over() -> None:
    office = Office()
    office.check_in("v1")
    assert claim(office, "v1", "wang") == ()
    assert claim(office, "v9", "wang") == ()
    assert claimed_by(office) is None


def test_a_journal_of_release_0_3_is_read_and_decided_on_as_it_was() -> None:
    """In release 0.3 a manager's help did not say which of the managers went."""
    office = Office()
    office.check_in("v1")
    at = office.now.isoformat()
    written = f'{{"type":"Help","at":"{at}","visit_id":"v1","for_id":"li"}}'
    told = f'{{"type":"acknowledged","at":"{at}","visit_id":"v1","consultant_id":"manager"}}'
    body = f'{{"command":{written},"known":{{}},"events":[{told}]}}'
    step = msgspec.json.decode(body, type=Step)
    assert office.take(step.command)[-1:] == step.events
