"""A whole kiosk in memory, its hub, and a visitor's browser for the tests of the pages."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlite_utils import Database
from werkzeug.test import TestResponse

from kiosk.app import create_app
from kiosk.board import Board
from kiosk.desk import Desk
from kiosk.door import Door
from kiosk.parts import Parts
from kiosk.porter import Porter
from kiosk.settings import KioskSettings
from kiosk.store import Store
from kiosk.tablets import Tablets
from kiosk.visits import Visits
from shared.clock import Steady
from shared.config import MqttSettings
from shared.courier import Courier
from shared.edge_outbox import EdgeOutbox
from shared.messages import (
    Assignment,
    CheckIn,
    Coming,
    Message,
    NodeKind,
    OfferedCar,
    Receipt,
    RecentArrivals,
    Roster,
    RosterEntry,
)
from shared.node import Node
from shared.outbox import open_database
from shared.pin_lock import PinLock
from shared.sealed_file import sqlite3
from shared.words import read_words
from tests.fakes import NINE, SITE, FakeClock, FakeLink

PIN = "260719"
TOKEN = "let-this-tablet-in"
KIOSK = "lobby"
OPENED: list[Database] = []
"""The databases of the running test; ``conftest`` closes them."""
CONSULTANTS = (
    RosterEntry(consultant_id="li", name="李敏", spellings=("limin", "lm")),
    RosterEntry(consultant_id="wang", name="王强", spellings=("wangqiang", "wq")),
    RosterEntry(consultant_id="zhao", name="赵磊", spellings=("zhaolei", "zl")),
)


class CompiledTemplates(BytecodeCache):
    """Compiles each template once for all tests: it is most of their time."""

    def __init__(self) -> None:
        self.buckets: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.buckets:
            bucket.bytecode_from_string(self.buckets[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.buckets[bucket.key] = bucket.bytecode_to_string()


COMPILED = CompiledTemplates()
WORDS = read_words("kiosk")


def memory() -> Database:
    """A SQLite database that two threads may use, like the real one; closed after the test."""
    OPENED.append(Database(sqlite3.connect(":memory:", check_same_thread=False)))
    return OPENED[-1]


def on_disk(path: Path) -> Database:
    """The real database, as after a restart; closed after the test."""
    OPENED.append(open_database(path))
    return OPENED[-1]


def settings(**changes: Any) -> KioskSettings:
    values: dict[str, Any] = {
        "site": SITE,
        "kiosk_id": KIOSK,
        "data_dir": "unused",
        "site_name": "西湖雅苑营销中心",
        "pin": PIN,
        "secret_key": "a secret for tests only",
        "enrol_token": TOKEN,
        "enrols_once": False,
        "mqtt": MqttSettings(username="kiosk", password="unused"),
    }
    return KioskSettings(**{**values, **changes})


@dataclass(slots=True)
class House:
    """The kiosk and what stands around it."""

    settings: KioskSettings = field(default_factory=settings)
    clock: FakeClock = field(default_factory=FakeClock)
    link: FakeLink = field(default_factory=FakeLink)
    db: Database = field(default_factory=memory)
    outbox_db: Database = field(default_factory=memory)
    outbox: EdgeOutbox = field(init=False)
    visits: Visits = field(init=False)
    courier: Courier = field(init=False)
    parts: Parts = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = EdgeOutbox(self.outbox_db)
        self.visits = Visits(
            idle_s=self.settings.idle_reset_s, clock=self.clock, stopwatch=self.clock.running_s
        )
        store = Store(self.db)
        board = Board(store, self.visits, Steady(self.clock, self.clock.running_s))
        node = Node(SITE, KIOSK, NodeKind.KIOSK, "test")
        self.courier = Courier(node, self.link, self.outbox, board.hear)
        self.parts = Parts(
            settings=self.settings,
            visits=self.visits,
            board=board,
            desk=Desk(self.settings, store, self.courier.post, self.clock, self.clock.running_s),
            porter=Porter(KIOSK, store, self.courier.post, self.clock, self.clock.running_s),
            store=store,
            pin_lock=PinLock(self.clock.running_s),
            words=WORDS,
            clock=self.clock,
            outbox=self.outbox,
            is_connected=lambda: self.link.connected_count > 0,
            was_heard=self.courier.was_heard,
            door=Door.at(self.settings, self.clock.running_s),
            tablets=Tablets(KIOSK, lambda: board.tablets, self.clock.running_s),
        )
        self.courier.measured = self.parts.measured

    def tell(self, message: Message) -> None:
        """The hub says something to the kiosk."""
        self.link.deliver(message)
        self.courier.step(0)

    def tell_roster(self) -> None:
        self.tell(Roster(consultants=CONSULTANTS, sent_at=NINE))

    def tell_cars(self, *cars: OfferedCar) -> None:
        self.tell(RecentArrivals(cars=cars, sent_at=self.clock()))

    def assign(
        self,
        check_in: CheckIn,
        host_name: str | None,
        greeting: str = "",
        coming: Coming = Coming.ASKED,
        notice: str | None = None,
    ) -> None:
        self.tell(
            Assignment(
                check_in_id=check_in.check_in_id,
                kiosk_id=KIOSK,
                visit_id="visit-1",
                greeting=greeting,
                host_name=host_name,
                coming=coming,
                notice=notice,
            )
        )

    def receive(self, check_in: CheckIn) -> None:
        """The hub says that it has stored the check-in."""
        ids = (check_in.check_in_id,)
        self.tell(Receipt(node_id=KIOSK, ids=ids, stored_at=NINE))

    def check_ins(self) -> list[CheckIn]:
        """The check-ins that wait for the hub."""
        waiting = (row.message for row in self.outbox.waiting(1000))
        return [message for message in waiting if isinstance(message, CheckIn)]

    def browser(self) -> FlaskClient:
        """A browser that is not logged in."""
        app = create_app(self.parts)
        app.jinja_env.bytecode_cache = COMPILED
        return app.test_client()

    def tablet(self) -> "Visitor":
        """A browser that is logged in, with a visitor in front of it."""
        browser = self.browser()
        browser.get(f"/enter/{TOKEN}")
        return Visitor(browser)


@dataclass(slots=True)
class Visitor:
    """Someone who taps through the pages; every answer is the page that follows."""

    browser: FlaskClient
    page: str = ""
    status: int = 0

    def open(self, path: str) -> str:
        return self._arrive(self.browser.get(path, follow_redirects=True))

    def send(self, path: str, **form: str) -> str:
        """Send a form with the token of this browser."""
        form["csrf"] = self.token()
        return self._arrive(self.browser.post(path, data=form, follow_redirects=True))

    def token(self) -> str:
        """The token of the open page."""
        found = re.search(r'data-csrf="([^"]+)"', self.page or self.open("/"))
        assert found
        return found[1]

    def begin(self, language: str = "zh-CN") -> str:
        return self.send("/begin", language=language)

    def answer(self, first_visit: str, family: str, contacted: str) -> str:
        """Answer the three questions; the page after them."""
        self.send("/check-in/first_visit", answer=first_visit)
        self.send("/check-in/family", answer=family)
        return self.send("/check-in/contacted", answer=contacted)

    def consent(self, answer: str, car: str = "none") -> str:
        """Answer the pages of car and consent; without ``car`` the visitor came on foot."""
        self.send("/check-in/car", car=car)
        return self.send("/check-in/consent", consent=answer)

    def shows(self, test_id: str) -> bool:
        return f'data-testid="{test_id}"' in self.page

    def _arrive(self, response: TestResponse) -> str:
        self.page, self.status = response.text, response.status_code
        return self.page
