"""A guest with an invitation: checked in by its code alone, to the host who booked them."""

import dataclasses
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.console.guest_ticket import booking_of, guest_ticket
from broker.handlers.context import Hub
from broker.journal.replay import replay
from shared.messages import Answer3, Booking, BookingKind, CheckIn
from tests.fakes import NINE, FakeClock
from tests.hub_answers import answers, count, hosts, journal_files, phones_come_online
from tests.samples import NATURAL, arrival

KEY = "a key for tests only"
GUEST = "13800000001"
PLATE = "浙A12345"
BOOKED = Booking(
    booking_id="b-1",
    staff_id="wang",
    kind=BookingKind.APPOINTMENT,
    booked_at=NINE,
    starts_at=NINE + timedelta(hours=2),
    ends_at=NINE + timedelta(hours=3),
    phone=GUEST,
    plates=(PLATE,),
)


@pytest.fixture
def inviting(hub: Hub, clock: FakeClock) -> Hub:
    """A hub that knows its invitations; 王强 expects a guest at eleven, who comes."""
    made = dataclasses.replace(hub, invited=partial(booking_of, KEY))
    answers(made, BOOKED)
    clock.pass_s(2 * 3600)
    phones_come_online(made, "li", "wang")
    return made


def shown(clock: FakeClock, name: str = "c-1", ticket: str | None = None) -> CheckIn:
    """A check-in by the code alone: nothing was asked and nothing typed."""
    unsure = dict.fromkeys(("is_first_visit", "family_visited", "was_contacted"), Answer3.UNSURE)
    guest = guest_ticket(KEY, "b-1") if ticket is None else ticket
    return replace(NATURAL, check_in_id=name, checked_in_at=clock(), guest=guest, **unsure)


def test_the_host_who_booked_the_guest_is_told(inviting: Hub, clock: FakeClock) -> None:
    assert hosts(answers(inviting, shown(clock))) == ["王强"]
    visit = inviting.visits.of_check_in("c-1")
    assert visit is not None
    assert (visit.rule, visit.owner_id, visit.is_turn_used, visit.phone) == (
        *("R5", "wang", False, GUEST),
    )


def test_the_guest_s_car_and_their_code_are_one_visit(inviting: Hub, clock: FakeClock) -> None:
    answers(inviting, arrival(PLATE, seen_at=clock()))
    assert hosts(answers(inviting, shown(clock))) == ["王强"]
    assert count(inviting, "visits") == 1


def test_a_code_that_is_shown_again_is_the_same_visit(inviting: Hub, clock: FakeClock) -> None:
    answers(inviting, shown(clock))
    clock.pass_s(20)
    assert hosts(answers(inviting, shown(clock, "c-2"))) == ["王强"]
    assert count(inviting, "visits") == 1


@pytest.mark.parametrize("ticket", ["guess", guest_ticket("another key", "b-1"), ""])
def test_a_code_that_we_did_not_make_names_nobody(
    inviting: Hub, clock: FakeClock, ticket: str
) -> None:
    """Whoever shows it is received like any visitor, in turn."""
    assert hosts(answers(inviting, shown(clock, ticket=ticket))) == ["李敏"]
    visit = inviting.visits.of_check_in("c-1")
    assert visit is not None
    assert (visit.phone, visit.owner_id == "wang") == (None, False)


def test_on_another_day_the_invitation_is_over(inviting: Hub, clock: FakeClock) -> None:
    clock.pass_s(24 * 3600)
    phones_come_online(inviting, "li", "wang")
    answers(inviting, shown(clock))
    visit = inviting.visits.of_check_in("c-1")
    assert visit is not None
    assert visit.phone is None


def test_a_replay_decides_the_same(inviting: Hub, clock: FakeClock, tmp_path: Path) -> None:
    answers(inviting, shown(clock))
    assert replay(journal_files(inviting, tmp_path), print) == 0
