"""A consultant's calendar: whom to call, who is booked, nobody's number; a new PIN ends it."""

import re
from dataclasses import replace
from datetime import date, timedelta

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from broker.console.calendar_file import LONGEST_LINE, CalendarEntry, calendar_text
from broker.console.follow_up_view import FollowUpLine
from tests.broker.console.conftest import Browser
from tests.broker.console.fake_site import LI, FakeSite, StandingClock
from tests.fakes import NINE


def to_call(stage: str, due_on: date | None, number: int) -> FollowUpLine:
    names = ("张女士", "李, 先生; \\ 总", "王女士")
    return FollowUpLine(
        *(f"r-{number}", "李敏", names[number], "13900139000", ("浙A12345",), stage, due_on)
    )


def address_on(page: str) -> str:
    found = re.search(r'href="http://[^/"]+(/calendar/[^"]+)"', page)
    assert found is not None
    return found[1].replace("&amp;", "&")


def events(text: str) -> list[dict[str, str]]:
    """The file as a calendar reads it: lines put together again, each event by its fields."""
    lines = text.replace("\r\n ", "").split("\r\n")
    found: list[dict[str, str]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and ":" in line:
            name, _, value = line.partition(":")
            found[-1].setdefault(name, value)
    return found


def test_calls_and_appointments_stand_in_it_and_no_number(
    consultant: Browser, site: FakeSite, clock: StandingClock, app: Flask
) -> None:
    today = clock().astimezone(site.zone).date()
    site.to_call = (
        to_call("overdue", today - timedelta(2), 0),
        to_call("later", today + timedelta(3), 1),
        to_call("no_next_step", None, 2),
    )
    path = address_on(consultant.get("/shifts").text)
    answer = Browser(app).get(path)
    assert answer.mimetype == "text/calendar"
    found = events(answer.text)
    assert [(each.get("DTSTART;VALUE=DATE"), each["SUMMARY"]) for each in found[:2]] == [
        (f"{today:%Y%m%d}", "回访 张女士"),
        (f"{today + timedelta(3):%Y%m%d}", "回访 李\\, 先生\\; \\\\ 总"),
    ]
    assert [each["SUMMARY"] for each in found[2:]] == ["VIP 陈总"]
    assert all(each["UID"].endswith("@xihu") for each in found)
    assert "13900139000" not in answer.text
    assert "A12345" not in answer.text
    english = Browser(app).get(path.replace("lang=zh-CN", "lang=en"))
    assert "SUMMARY:Call " in english.text


def test_a_new_pin_or_leaving_ends_it_and_no_guess_opens_it(
    consultant: Browser, site: FakeSite, app: Flask
) -> None:
    path = address_on(consultant.get("/shifts").text)
    others = tuple(person for person in site.staff if person != LI)
    for staff in ((replace(LI, pin="2468135"), *others), others):
        site.staff = staff
        assert Browser(app).get(path).status_code == 404
    assert Browser(app).get(path.replace("/calendar/", "/calendar/x")).status_code == 404


@given(st.text(max_size=120), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_whatever_a_name_holds_lines_are_short_and_come_together_again(text: str, on: date) -> None:
    file = calendar_text("李敏", "xihu", [CalendarEntry("n", text, on)], NINE)
    lines = file.split("\r\n")
    assert lines[-1] == ""
    assert all(len(line.encode()) <= LONGEST_LINE for line in lines)
    (event,) = events(file)
    plain = event["SUMMARY"].replace("\\\\", "\0")
    for mark in (";", ","):
        plain = plain.replace(f"\\{mark}", mark)
    assert plain.replace("\\n", "\n").replace("\0", "\\") == "".join(
        char for char in text if char == "\n" or char >= " "
    )
