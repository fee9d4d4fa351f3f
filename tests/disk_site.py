"""A hub on a small disk that a test fills, and what it sends and says meanwhile."""

import itertools
from contextlib import closing
from pathlib import Path

import pytest

from broker.handlers.context import Hub
from broker.handlers.disk_troubles import SUBJECT
from broker.hub.loop import HubLoop
from broker.hub.opening import open_hub
from broker.journal.entries import FILE_NAME, open_read_only
from broker.rules.policy import Policy
from shared.messages import Alert, NodeKind, Receipt
from shared.node import Node
from tests.fakes import SITE, FakeClock, FakeLink
from tests.hub_fixtures import PEOPLE
from tests.samples import arrival
from tests.small_disk import SmallDisk

MOMENTS_S = itertools.count(1000.0, 10.0)


class Site:
    """A hub on the small disk, and what it sends."""

    def __init__(self, folder: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("broker.hub.loop.time.monotonic", lambda: next(MOMENTS_S))
        self.clock, self.file = clock, folder / FILE_NAME
        self.hub: Hub = open_hub(folder, PEOPLE, Policy(), clock)
        self.link = FakeLink()
        self.loop = HubLoop(self.hub, self.link, Node(SITE, "hub", NodeKind.HUB, "test"))

    def turn(self) -> None:
        self.clock.pass_s(1.0)
        self.loop.step(0.0)

    def car(self, number: int) -> None:
        self.clock.pass_s(20.0)
        self.link.deliver(arrival(f"浙A{10000 + number}", number, seen_at=self.clock.moment))
        self.turn()

    def sent(self, kind: type) -> list:  # type: ignore[type-arg]
        return [message for message in self.link.sent if isinstance(message, kind)]

    def stored(self) -> set[str]:
        return {name for receipt in self.sent(Receipt) for name in receipt.ids}

    def heard(self) -> set[str]:
        return {name for receipt in self.sent(Receipt) for name in receipt.heard}

    def in_file(self) -> list[str]:
        with closing(open_read_only(self.file)) as db:
            return [name for (name,) in db.execute("select arrival_id from arrivals")]

    def seen_by_pages(self) -> int:
        with self.hub.disk.reading() as db:
            return int(db.execute("select count(*) from visits").fetchone()[0])

    def alerts_of_disk(self) -> list[Alert]:
        return [alert for alert in self.sent(Alert) if alert.visit_id == SUBJECT]


def filled(disk: SmallDisk, site: Site) -> None:
    """Fill the disk until the reserve is gone too."""
    number = 100
    while not site.hub.disk.is_unsaved:
        disk.fill()
        site.car(number)
        disk.fill()
        number += 1
        assert number < 3000
