"""Whatever comes, the loop goes on, and all that the hub keeps of it can be read again."""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from broker.alerts.care import Care
from broker.alerts.life import AlertGroup
from broker.handlers.context import Hub
from broker.hub.loop import HubLoop
from broker.hub.opening import open_hub
from broker.journal.replay import replay
from broker.journal.steps import STEP, Step
from broker.journal.verify import verify
from broker.rules.events import Decided
from broker.rules.policy import Policy
from broker.rules.state import SiteState
from broker.store.inbox import DUE
from shared.codec import MAX_PAYLOAD_BYTES, read_kept
from shared.messages import Message, NodeKind
from shared.mqtt import Delivery
from shared.node import Node
from shared.schema.__main__ import message_types
from shared.topics import match, topic_of
from tests.fakes import SITE, FakeClock, FakeLink
from tests.hub_fixtures import PEOPLE
from tests.strange_values import A_CAR, A_VISIT, AN_ALERT, ANY, SAMPLES, TEXTS, fitting

FROM_OUTSIDE = ("CheckIn", "StaffReport", "Registration", "LookUp", "Booking", "Arrival", "Ack")


def extremes(name: str, usual: object) -> st.SearchStrategy[object]:
    """Values for this field: some of its kind, some texts, some of any kind."""
    return st.sampled_from(fitting(name, usual)) | st.sampled_from(TEXTS) | st.sampled_from(ANY)


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A message's type, and its golden sample with some fields changed."""
    kind = draw(st.sampled_from(FROM_OUTSIDE) | st.sampled_from(sorted(SAMPLES)))
    sample = SAMPLES[kind]
    names = draw(st.lists(st.sampled_from(sorted(sample)), unique=True, max_size=4))
    return kind, sample | {name: draw(extremes(name, sample[name])) for name in names}


class Site:
    """A hub in a folder of its own, whose messages wait while the server is away."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock, self.link = folder, FakeClock(), FakeLink()
        self.hub = self.opened()
        self.loop = HubLoop(self.hub, self.link, Node(SITE, "hub", NodeKind.HUB, "0.1.0"))
        self.count = 0

    def opened(self) -> Hub:
        return open_hub(self.folder, PEOPLE, Policy(), self.clock)

    @property
    def db(self) -> Database:
        return self.hub.inbox.db

    def come(self, kind: str, body: dict[str, Any]) -> None:
        """Deliver it on the topic that such a message has, with an id of its own."""
        self.count += 1
        message_type: type[Message] = next(t for t in message_types() if t.__name__ == kind)
        topic = topic_of(msgspec.convert(SAMPLES[kind], message_type), site=SITE)
        own_id = next((name for name in body if name.endswith("_id")), "")
        if isinstance(body.get(own_id), str) and own_id not in topic:
            body = body | {own_id: f"{body[own_id]}"[:40] + f"-{self.count}"}
        payload = json.dumps(self._real(body)).encode()
        self.link.waiting.append(Delivery(topic, payload, was_retained=False))

    def turn(self, pass_s: float = 7) -> None:
        self.loop.step(0)
        self.clock.pass_s(pass_s)

    def _real(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._real(member) for name, member in value.items()}
        if isinstance(value, list):
            return [self._real(member) for member in value]
        return self._newest(value) if value in (A_VISIT, AN_ALERT, A_CAR) else value

    def _newest(self, name: str) -> str:
        table, column = {
            A_VISIT: ("visits", "visit_id"),
            AN_ALERT: ("alerts", "alert_id"),
            A_CAR: ("arrivals", "arrival_id"),
        }[name]
        sql = f"select {column} from {table} order by rowid desc limit 1"
        found = self.db.conn.execute(sql).fetchone()
        return str(found[0]) if found else "none"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub's folder with a file that is new."""
    folder = tmp_path_factory.mktemp("made")
    Site(folder).db.conn.close()
    return folder


def everything_kept(db: Database) -> Iterator[object]:
    """All that the file holds as JSON, read as strictly as the hub reads it."""
    kinds = {kind.__name__: kind for kind in message_types()}
    for kind, body in db.conn.execute("select type, body from outbox"):
        yield read_kept(kind, body)
    tables: dict[str, Any] = {
        "select body from arrivals": kinds["Arrival"],
        "select body from check_ins": kinds["CheckIn"],
        "select body from alerts": kinds["Alert"],
        "select closed from alerts where closed is not null": kinds["AlertClosed"],
        "select body from alert_groups": AlertGroup,
        "select body from cares": Care,
        "select body from snapshots": SiteState,
        "select decision from visits where decision is not null": Decided,
        f"select body from journal where kind = '{STEP}'": Step,
    }
    for sql, kind in tables.items():
        for (body,) in db.conn.execute(sql):
            yield msgspec.json.decode(body, type=kind)
    for kind, body in db.conn.execute("select kind, body from messages"):
        yield msgspec.json.decode(body, type=kinds[kind])


def faults_of_ours(db: Database) -> Iterator[str]:
    """Why something was set aside for which nobody outside is to blame."""
    for topic, reason in db.conn.execute("select topic, reason from rejected"):
        kind = "" if topic == DUE else match(topic, site=SITE).route.message.__name__
        blamed = reason.partition(":")[0]
        if blamed.startswith("Traceback") or (blamed in SAMPLES and blamed != kind):
            yield reason


def assert_all_is_well(site: Site) -> None:
    """Nothing failed, and another hub that opens the file reads all of it."""
    assert list(faults_of_ours(site.db)) == []
    list(everything_kept(site.db))
    site.db.conn.close()
    site.hub = site.opened()
    told: list[str] = []
    path = site.folder / "hub.sqlite3"
    assert verify(path, told.append) == replay(path, told.append) == 0, told
    site.db.conn.close()


@pytest.mark.parametrize("kind", FROM_OUTSIDE)
def test_every_field_of_a_message_may_hold_anything(tmp_path: Path, kind: str) -> None:
    site = Site(tmp_path)
    site.come("Arrival", SAMPLES["Arrival"])
    site.link.is_up = False
    for name, usual in SAMPLES[kind].items():
        for value in fitting(name, usual):
            site.come(kind, SAMPLES[kind] | {name: value})
            if kind == "Registration":
                site.come("LookUp", SAMPLES["LookUp"])
        site.turn(pass_s=0.1)
    assert_all_is_well(site)


@settings(max_examples=25)
@given(coming=st.lists(bodies(), min_size=1, max_size=12))
def test_whatever_comes_the_loop_goes_on_and_all_that_is_kept_can_be_read_again(
    made: Path, coming: list[tuple[str, dict[str, Any]]]
) -> None:
    with TemporaryDirectory() as folder:
        shutil.copytree(made, folder, dirs_exist_ok=True)
        site = Site(Path(folder))
        for number, (kind, body) in enumerate(coming):
            site.come(kind, body)
            if number % 3 == 2:
                site.link.is_up = not site.link.is_up
                site.turn()
        site.clock.moment += timedelta(minutes=3)
        site.turn()
        assert_all_is_well(site)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b'{"more":' + b"[" * 3_000 + b"]" * 3_000 + b"}", "nested too deep"),
        (b"[" * 30_000, "CheckIn"),
        (b'{"seq":' + b"9" * 4_000 + b"}", "CheckIn"),
        (b'{"surname":"\\ud800"}', "CheckIn"),
        (b"x" * 1_000_000, f"more than {MAX_PAYLOAD_BYTES}"),
    ],
    ids=["nested", "open brackets", "a huge number", "half a character", "a megabyte"],
)
def test_what_no_program_sends_is_refused_with_a_reason(
    tmp_path: Path, payload: bytes, reason: str
) -> None:
    site = Site(tmp_path)
    topic = f"yingbin/v1/{SITE}/kiosk/lobby/check_in"
    site.link.waiting.append(Delivery(topic, payload, was_retained=False))
    site.come("CheckIn", SAMPLES["CheckIn"])
    site.turn()
    (rejected,) = site.db.query("select reason from rejected")
    assert reason in rejected["reason"]
    assert site.db.table("check_ins").count == 1


def test_a_message_that_the_hub_does_not_take_is_refused_with_a_reason(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.come("Assignment", SAMPLES["Assignment"])
    site.turn()
    (rejected,) = site.db.query("select reason from rejected")
    assert rejected["reason"].startswith("the hub does nothing with a message of the kind Assign")


def test_a_moment_that_no_clock_shows_is_refused(tmp_path: Path) -> None:
    site = Site(tmp_path)
    moment = {"checked_in_at": "0001-01-01T00:00:00+14:00"}
    site.come("CheckIn", SAMPLES["CheckIn"] | moment)
    site.turn()
    (rejected,) = site.db.query("select reason from rejected")
    assert "checked_in_at is 0001-01-01" in rejected["reason"]
