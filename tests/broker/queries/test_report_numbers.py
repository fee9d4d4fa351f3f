"""Every number of a report's page opens the rows behind it, and they count to it."""

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from broker.console.app import create_app
from broker.handlers.context import Hub
from shared.messages import Correction, ReportKind
from tests.broker.console.conftest import Browser
from tests.broker.console.own_page import HubAtHand
from tests.busy_day import live_through, report
from tests.fakes import FakeClock
from tests.hub_answers import answers
from tests.hub_site import site_of
from tests.samples import arrival

TODAY = date(2026, 11, 23)
CHARTS = ("came_", "waited_", "natural")
PARTS = {
    "/reports/day": (*CHARTS, "weather", "raise_alarm", "turn"),
    "/reports/week": (*CHARTS, "turn"),
    "/reports/month": ("misread&", "misread_B", "raise_alarm", "source_friend", "natural,new"),
}
"""What each page opens besides its list of numbers."""
NOTED_WHERE_READ = "/registers/look_ups"
"""Each of these readings adds a row."""


class Numbers(HTMLParser):
    """The numbers of a page: those that open rows, and those that open nothing."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.opening: list[tuple[str, str]] = []
        self.bare: list[str] = []
        self._link: dict[str, str | None] | None = None
        self.feed(page.partition("<main")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._link = dict(attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._link = None

    def handle_data(self, data: str) -> None:
        number = re.fullmatch(r"\D*?([1-9]\d*)", data.strip())
        if number is None or ":" in data or "-" in data or re.search("[≥→]", data):
            return
        if self._link is None:
            self.bare.append(data)
        elif self._link.get("data-testid") != "middle":
            self.opening.append((self._link["href"] or "", number[1]))


@pytest.fixture
def desk(hub: Hub, clock: FakeClock, tmp_path: Path) -> Browser:
    """The manager's desk after a day with something in each part of the reports."""
    natural, own = live_through(hub, clock)
    answers(hub, arrival("浙A0B0B1", 77, seen_at=clock()))
    said = Correction(
        correction_id="k-1",
        gate_id="north",
        arrival_id="a-77",
        plate="浙A08081",
        corrected_by="north",
        corrected_at=clock(),
    )
    answers(hub, said)
    for who, kind in (("lin", ReportKind.FORCED_ENTRY), ("wu", ReportKind.RAIN)) * 2:
        report(hub, kind, who, post="gate")
    for visit, who in ((natural, "li"), (own, "wang")):
        report(hub, ReportKind.WISHES, who, visit_id=visit, source="friend")
    app = create_app(site_of(hub, tmp_path, HubAtHand(hub)), "a key for tests only", clock)
    found = Browser(app)
    assert found.log_in("chen", "6666").status_code == 303
    return found


@pytest.mark.parametrize("at", PARTS)
def test_every_number_opens_rows_that_count_to_it(desk: Browser, at: str) -> None:
    page = desk.get(at).text
    found = Numbers(page)
    assert found.bare == []
    links = " ".join(href.replace("%2C", ",") for href, _ in found.opening)
    assert [part for part in PARTS[at] if f"only={part}" not in links] == []
    for href, number in {*found.opening}:
        register, _, rows = href.partition("?")
        paper = desk.get(f"{register}/print?{rows}").text
        counted = paper.partition("<tbody>")[2].count("<tr>")
        assert counted == int(number) or register == NOTED_WHERE_READ, href


@pytest.mark.parametrize("at", PARTS)
def test_a_median_opens_the_visits_whose_middle_it_is(desk: Browser, at: str) -> None:
    links = re.findall(r'href="([^"]*)" data-testid="middle"', desk.get(at).text)
    assert links
    for href in links:
        paper = desk.get(href.replace("&amp;", "&").replace("?", "/print?", 1)).text
        assert paper.partition("<tbody>")[2].count("<tr>") > 0, href
