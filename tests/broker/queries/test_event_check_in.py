"""Checked in to an event by the code at the tablet: once, twice, late, on another day."""

import dataclasses
from datetime import timedelta
from functools import partial

from msgspec.structs import replace

from broker.console.guest_ticket import booking_of, guest_ticket
from shared.messages import Answer3, CheckIn
from tests.event_day import GUESTS, OPEN_DAY, PAGE, counted
from tests.hub_answers import answers
from tests.samples import NATURAL
from tests.settings_rig import SECRET, Manager, SettingsRig

EVENING = {**OPEN_DAY, "name": "交付", "times": "17:00"}
EVENING_PAGE = "/events/2026-11-23?name=交付"


def shown(rig: SettingsRig, name: str, booking_id: str | None) -> CheckIn:
    """The code of an invitation at the tablet: nothing was asked and nothing typed."""
    unsure = dict.fromkeys(("is_first_visit", "family_visited", "was_contacted"), Answer3.UNSURE)
    now, guest = rig.clock(), guest_ticket(SECRET, booking_id or "")
    at = {"checked_in_at": now, "sent_at": now, "consented_at": now}
    return replace(NATURAL, check_in_id=name, guest=guest, **at, **unsure)


def invited(rig: SettingsRig, manager: Manager) -> dict[str, str | None]:
    """Three to the open day, the first of them to the evening too: their bookings by time."""
    rig.hub = dataclasses.replace(rig.hub, invited=partial(booking_of, SECRET))
    assert manager.post("/events/new", {**OPEN_DAY, "guests": GUESTS}).status_code == 303
    first = GUESTS.partition("\n")[0]
    assert manager.post("/events/new", {**EVENING, "guests": first}).status_code == 303
    local = rig.hub.decider.policy.local
    return {
        f"{local(plan.starts_at):%H:%M} {plan.phone}": plan.booking_id
        for plan in rig.hub.decider.state.expected
    }


def test_a_code_counts_once_for_its_event_alone(rig: SettingsRig, manager: Manager) -> None:
    bookings = invited(rig, manager)
    rig.pass_s(5 * 3600)
    for number in (1, 2):  # shown again: the same visit
        answers(rig.hub, shown(rig, f"c-{number}", bookings["14:00 13900000001"]))
        rig.pass_s(20)
    assert counted(manager.get(PAGE).text) == ("3", "1", "0")
    assert counted(manager.get(EVENING_PAGE).text) == ("1", "0", "0"), "that is later"
    visits = rig.hub.inbox.db.conn.execute("select phone from visits").fetchall()
    assert visits == [("13900000001",)]
    rig.pass_s(2 * 3600 + 60)
    answers(rig.hub, shown(rig, "c-3", bookings["14:00 13900000002"]))
    assert counted(manager.get(PAGE).text) == ("3", "1", "2"), "the event was over"
    rig.assert_sound()


def test_a_code_of_another_day_names_nobody(rig: SettingsRig, manager: Manager) -> None:
    bookings = invited(rig, manager)
    rig.pass_s(timedelta(days=1).total_seconds())
    answers(rig.hub, shown(rig, "c-1", bookings["15:00 13900000003"]))
    assert counted(rig.manager().get(PAGE).text) == ("3", "0", "3")
    assert rig.hub.visits.of_check_in("c-1").phone is None  # type: ignore[union-attr]
    rig.assert_sound()
