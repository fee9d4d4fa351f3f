"""The programs of a site as a round runs them: the hub, and the edges' outbox and courier."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from broker.hub.loop import WANTED, HubLoop
from broker.hub.opening import open_hub
from broker.hub.time_keeping import keeping_time, site_clock
from broker.journal.entries import FILE_NAME
from broker.rules.policy import Policy
from gate.own_file import FILE_SHAPE, Sequence
from kiosk.own_files import STORE_SHAPE
from kiosk.store import Store
from shared.clock import now, running_s
from shared.courier import Courier
from shared.edge_outbox import EdgeOutbox
from shared.file_check import suspecting
from shared.mending import PROBLEM, Shape, open_whole
from shared.messages import Alert, Assignment, Message, NodeKind, Receipt, RecentArrivals, Roster
from shared.node import Node
from shared.outbox import open_database
from shared.sealed_file import connect
from shared.topics import filters_for
from tests.bench.chaos.exchange import Exchange, ExchangeLink
from tests.bench.chaos.marks import Marks
from tests.fakes import SITE, FakeSent
from tests.hub_fixtures import PEOPLE

HUB, GATE, TABLET = "hub", "gate", "tablet"
"""The parts of a site: each has a disk of its own, a folder of this name."""
PARTS = (HUB, GATE, TABLET)
HUB_FILE = f"{HUB}/{FILE_NAME}"
FILES = {HUB: (HUB_FILE,), GATE: ("gate/gate.db",), TABLET: ("tablet/outbox.db", "tablet/kiosk.db")}
EDGES = ("north", "lobby")
"""What the gate and the tablet are called."""
VERSION = "chaos"


@dataclass(slots=True)
class MarkedLink:
    """The hub's link; what leaves the hub is noted before it leaves."""

    link: ExchangeLink
    marks: Marks

    @property
    def connected_count(self) -> int:
        return self.link.connected_count

    def send(self, message: Message) -> FakeSent:
        if isinstance(message, Receipt) and message.node_id in EDGES:
            for received in message.ids:
                self.marks.put("received", received)
        elif isinstance(message, Alert):
            self.marks.put("told", message.alert_id)
        return self.link.send(message)

    def receive(self, wait_s: float) -> object:
        return self.link.receive(wait_s)

    def wake(self) -> None:
        """Nothing waits here."""

    def flooding(self) -> frozenset[str]:
        """Nobody floods it."""
        return frozenset()


class HubProgram:
    """The hub on the file in ``folder``."""

    def __init__(self, folder: Path, exchange: Exchange, marks: Marks) -> None:
        clock = site_clock(folder, now, running_s)
        opened = open_hub(folder, PEOPLE, Policy(), clock)
        self.hub, self._file = keeping_time(opened, folder, clock, running_s), folder / FILE_NAME
        node = Node(SITE, "hub", NodeKind.HUB, VERSION, clock)
        self.link = exchange.connect(filters_for(WANTED, site=SITE, own=node.own_names))
        self._loop = HubLoop(self.hub, MarkedLink(self.link, marks), node)  # type: ignore[arg-type]
        self.is_mended = self.hub.found_at_start is not None

    def step(self) -> None:
        """One turn of its loop."""
        with suspecting(self._file):
            self._loop.step(0)

    def end(self) -> None:
        """As when the process ends: nothing is said or written."""
        self.hub.inbox.db.close()
        self.link.leave()


class EdgeProgram:
    """A gate or tablet as far as messages go: numbers them, keeps them, brings them to the hub."""

    def __init__(self, folder: Path, exchange: Exchange, marks: Marks) -> None:
        self.part, self._marks = folder.name, marks
        files = edge_files(self.part, folder)
        self._databases = files.databases
        self.next_number, self.is_mended = files.next_number, files.is_mended
        kind = NodeKind.GATE if self.part == GATE else NodeKind.KIOSK
        node = Node(SITE, "north" if self.part == GATE else "lobby", kind, VERSION)
        wanted = (Receipt, Assignment, RecentArrivals, Roster)
        self.link = exchange.connect(filters_for(wanted, site=SITE, own=node.own_names))
        self.outbox = EdgeOutbox(self._databases[0])
        found = PROBLEM if self.is_mended else None
        self._courier = Courier(node, self.link, self.outbox, lambda _message: None, found)

    def post(self, message: Message, name: str) -> None:
        """Post it; once this returns, it must reach the hub."""
        self._courier.post(message)
        self._marks.put("posted", name)

    def step(self) -> None:
        """One turn of its courier."""
        self._courier.step(0)

    def end(self) -> None:
        """As when the process ends."""
        for database in self._databases:
            database.close()
        self.link.leave()


@dataclass(frozen=True, slots=True)
class EdgeFiles:
    """The open files of a gate or tablet; the first holds its outbox."""

    databases: tuple[Database, ...]
    next_number: Callable[[], int]
    is_mended: bool


def edge_files(part: str, folder: Path) -> EdgeFiles:
    """The files of this part, mended if they had to be."""
    if part == GATE:
        path = folder / "gate.db"
        db, mended = open_whole(path, FILE_SHAPE, now())
        counting = open_database(path)
        return EdgeFiles((db, counting), Sequence(counting).next, mended is not None)
    messages, mended = open_whole(folder / "outbox.db", Shape(_make_outbox), now())
    known, also_mended = open_whole(folder / "kiosk.db", STORE_SHAPE, now())
    return EdgeFiles((messages, known), Store(known).next_seq, bool(mended or also_mended))


def _make_outbox(db: Database) -> None:
    EdgeOutbox(db)


Program = HubProgram | EdgeProgram

STARTS: dict[str, Callable[[Path, Exchange, Marks], Program]] = {
    HUB: HubProgram,
    GATE: EdgeProgram,
    TABLET: EdgeProgram,
}


def flush(path: Path) -> None:
    """Move the log of commits into the file, as a program does that ends in order."""
    db = connect(path)
    db.execute("pragma wal_checkpoint(truncate)")
    db.close()
