"""How a site stands: its backup's age and what channels bring, told once an hour."""

from contextlib import closing
from datetime import timedelta

import pytest

from broker.handlers.table import handle
from broker.journal.shipment import ChannelCount, RefusedDocument, SiteReport
from broker.shipping.site_report import REPORT_EVERY_S, Reporter, channels_in
from broker.shipping.way_up import WayUp
from shared.messages import Registration
from tests.broker.backup.office import Office
from tests.broker.head_office.group import Group
from tests.broker.head_office.reports import A_REFUSAL
from tests.fakes import NINE

pytestmark = pytest.mark.slow


def test_a_site_tells_once_an_hour_what_channels_bring_and_nobodys_words(
    group: Group, office: Office
) -> None:
    member, before = group.join(office), channels_in(office.place.hub, NINE)
    with office.at_work() as hub:
        (someone, *_) = hub.people.order
        for number, channel in enumerate(("agency", "agency", "我的朋友老王")):
            entry = Registration(
                registration_id=f"r-{number}",
                staff_id=someone,
                registered_at=NINE,
                phone=f"1380000111{number}",
                channel=channel,
            )
            handle(hub, entry)
        hub.journal.seal()
    found = {one.channel: one for one in channels_in(office.place.hub, NINE)}
    assert (found["agency"].entered, found["other"].entered) == (2, 1)
    assert channels_in(office.place.hub, NINE + timedelta(days=90)) == ()
    with closing(WayUp.of(member)) as way:
        told = list[SiteReport]()
        reporter = Reporter(office.place.hub, member.site, _Both(way, told), lambda: NINE)
        for at_s in (0.0, 60.0, REPORT_EVERY_S):
            reporter.step(at_s)
    assert len(told) == 2
    assert before != told[0].channels
    assert ("agency", 2) in group.rows("select channel, entered from site_channel")
    assert group.rows("select backup_at, reported_at is not null from site") == [(None, True)]


class _Both:
    """Head office, and a list of what it was told."""

    def __init__(self, way: WayUp, told: list[SiteReport]) -> None:
        self._way, self._told = way, told

    def report(self, site: str, report: SiteReport) -> None:
        self._way.report(site, report)
        self._told.append(report)


def test_a_head_office_that_is_away_is_told_in_a_minute(office: Office) -> None:
    class Away:
        tries = 0

        def report(self, site: str, report: SiteReport) -> None:
            self.tries += 1
            raise OSError("away")

    away, refused = Away(), dict[int, RefusedDocument]()
    reporter = Reporter(office.place.hub, "xihu", away, lambda: NINE, refused)
    for at_s in (0.0, 59.0, 60.0):
        reporter.step(at_s)
    assert away.tries == 2
    refused[7] = A_REFUSAL
    for at_s in (61.0, 62.0, 120.0, 121.0):
        reporter.step(at_s)
    assert away.tries == 4, "at once, and again in a minute"
    assert all(isinstance(one, ChannelCount) for one in channels_in(office.place.hub, NINE))
