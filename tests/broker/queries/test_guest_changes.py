"""Guests move and cancel by their own link, end to end: who is told, what is never possible."""

import re
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace
from werkzeug.test import TestResponse

from broker.handlers.table import handle
from broker.local.plan_questions import GuestBooking
from shared.errors import MessageError
from shared.messages import Alert, Booking, BookingKind
from tests.event_day import GUESTS, OPEN_DAY, PAGE, counted
from tests.hub_answers import answers
from tests.samples import NATURAL
from tests.settings_rig import Manager, SettingsRig

PHONE = "13900000001"
FOUR = "2026-11-23T16:00:00+08:00"


def offered(page: TestResponse) -> list[str]:
    return re.findall(r"<option[^>]*>(11-[0-9]+ [0-9:]+)", page.text)


def clocks(rig: SettingsRig) -> list[str]:
    local = rig.hub.decider.policy.local
    return [f"{local(plan.starts_at):%H:%M}" for plan in rig.hub.decider.state.expected]


def told(rig: SettingsRig, words: str) -> set[str | None]:
    """Whom an alert with these words was sent to: persons and posts."""
    waiting = (each.message for each in rig.hub.outbox.waiting(1000))
    alerts = [one for one in waiting if isinstance(one, Alert) and words in one.text]
    return {one.staff_id or one.role for one in alerts}


def booked(rig: SettingsRig, guest: Manager) -> str:
    """The page on which a customer of 李敏, who booked by the link, changes it."""
    link = rig.manager("li", "1111").get("/plans/link").location
    answer = guest.post(link, {"at": FOUR, "agreed": "on", "phone": PHONE})
    assert answer.status_code == 303
    return str(answer.location).partition("?")[0] + "/change"


def test_a_customer_moves_their_own_appointment_and_then_gives_it_up(rig: SettingsRig) -> None:
    guest = Manager(rig.app)
    page = booked(rig, guest)
    times = offered(guest.get(page))
    assert "11-23 16:30" in times, "their own time is in nobody's way"
    assert "11-23 16:00" not in times
    for odd in ("2026-11-23T08:00:00+08:00", "2026-11-23T22:00:00+08:00", FOUR):
        assert guest.post(page, {"act": "move", "at": odd}).status_code == 409
    assert clocks(rig) == ["16:00"]
    rig.restart()
    guest = Manager(rig.app)
    later = {"act": "move", "at": "2026-11-23T16:30:00+08:00"}
    assert guest.post(page, later).status_code == 303
    assert clocks(rig) == ["16:30"]
    assert told(rig, "自己用邀请函把到访改到") >= {"li", "steward"}
    assert guest.post(page, {"act": "cancel"}).status_code == 200
    assert clocks(rig) == []
    assert told(rig, "自己用邀请函取消了") >= {"li", "steward"}
    assert guest.post(page, {"act": "cancel"}).status_code == 404, "used twice"
    rig.assert_sound()


def test_who_is_here_changes_nothing_any_more(rig: SettingsRig) -> None:
    guest = Manager(rig.app)
    page = booked(rig, guest)
    rig.pass_s(6 * 3600)
    now = rig.clock()
    shown = replace(NATURAL, phone=PHONE, checked_in_at=now, sent_at=now, consented_at=now)
    answers(rig.hub, shown)
    assert guest.get(page).status_code == 404
    assert guest.post(page, {"act": "cancel"}).status_code in (404, 409)
    assert clocks(rig) == ["16:00"]


def test_an_event_s_guest_moves_only_to_a_time_with_a_place(
    rig: SettingsRig, manager: Manager
) -> None:
    assert manager.post("/events/new", {**OPEN_DAY, "guests": GUESTS}).status_code == 303
    first, second, third = (plan.booking_id for plan in rig.hub.decider.state.expected)
    guest, links = Manager(rig.app), {}
    for name in (first, second, third):
        found = str(manager.get(f"/invitations/{name}").location)
        links[name] = found.partition("?")[0] + "/change"
    assert offered(guest.get(links[third])) == [], "two there are two already"
    assert offered(guest.get(links[first])) == ["11-23 15:00"]
    three = {"act": "move", "at": "2026-11-23T15:00:00+08:00"}
    assert guest.post(links[first], three).status_code == 303
    assert guest.post(links[second], three).status_code == 409, "both places are taken"
    plans = " ".join(manager.get("/plans").text.split())
    marks = dict(re.findall(r'action="/plans/([^"]+)">.*?name="seen" value="([^"]+)"', plans))
    by_hand = {"act": "move", "seen": marks[second], "starts_at": "2026-11-23T15:00"}
    refused = manager.post(f"/plans/{second}", {**by_hand, "ends_at": "2026-11-23T16:00"})
    assert refused.status_code == 409, "nor does the manager find a place"
    assert "没有名额" in refused.text
    assert sorted(clocks(rig)) == ["14:00", "15:00", "15:00"]
    assert guest.post(links[third], {"act": "cancel"}).status_code == 200
    assert guest.post(links[second], three).status_code == 303
    assert counted(manager.get(PAGE).text)[0] == "2"
    rig.assert_sound()


def test_of_two_guests_who_take_the_last_time_at_once_the_second_is_asked_again(
    rig: SettingsRig,
) -> None:
    hub, at = rig.hub, datetime.fromisoformat(FOUR)
    first, second = (
        Booking(
            booking_id=f"b-{number}",
            staff_id="li",
            kind=BookingKind.APPOINTMENT,
            booked_at=rig.clock(),
            starts_at=at,
            ends_at=at + timedelta(hours=1),
            host_id="li",
            phone=f"1390000000{number}",
        )
        for number in (1, 2)
    )
    handle(hub, GuestBooking(booking=first))
    with pytest.raises(MessageError, match="not planned"):
        handle(hub, GuestBooking(booking=second))
    assert [plan.booking_id for plan in hub.decider.state.expected] == ["b-1"]
    rig.assert_sound()
