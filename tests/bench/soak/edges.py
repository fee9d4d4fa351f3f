"""The gates and tablets of a soak, as one process: their real outboxes, couriers and links.

python -m tests.bench.soak.edges FOLDER PORT SECONDS SPEED
"""

import sched
import signal
import sys
import threading
from pathlib import Path

from msgspec.structs import replace

from broker.mqtt_server.accounts import Account, read_accounts
from shared import VERSION
from shared.clock import now
from shared.config import MqttSettings
from shared.courier import Courier
from shared.edge_outbox import EdgeOutbox
from shared.log import start_logging
from shared.messages import (
    Answer3,
    Assignment,
    CheckIn,
    Message,
    NodeKind,
    NodeStatus,
    Receipt,
    RecentArrivals,
    Roster,
)
from shared.mqtt import MqttLink
from shared.node import Node
from shared.outbox import open_database
from shared.topics import Party
from tests.bench.soak.plan import STAY_S, WALK_S, Plan, checks_in, leaves, phone_of, plate_of
from tests.fakes import SITE
from tests.samples import arrival, departure

HEARS = (Assignment, Roster, RecentArrivals, Receipt, NodeStatus)
STEP_S = 0.2
READY = "edges/ready"
"""The file that says that the day begins."""


class Edge:
    """One gate or tablet."""

    def __init__(self, account: Account, folder: Path, port: int) -> None:
        self.node_id = account.node_id
        node = Node(SITE, account.node_id, NodeKind(account.party), VERSION)
        settings = MqttSettings(
            port=port,
            username=account.username,
            password=account.password,
            client_id=account.client_id,
        )
        link = MqttLink(settings, node, HEARS)
        outbox = EdgeOutbox(open_database(folder / f"{account.username}.sqlite3"))
        self._courier = Courier(node, link, outbox, lambda _message: None)
        self._seq = 0
        link.start()
        threading.Thread(target=self._turn, daemon=True).start()

    def next_seq(self) -> int:
        """Counts what this node posts."""
        self._seq += 1
        return self._seq

    def post(self, message: Message) -> None:
        """Keep it for the hub."""
        self._courier.post(message)

    def _turn(self) -> None:
        while True:
            self._courier.step(STEP_S)


def comes(gate: Edge, number: int) -> None:
    """A car passes the gate."""
    car = arrival(plate_of(number), number, seen_at=now())
    gate.post(replace(car, gate_id=gate.node_id, seq=gate.next_seq()))


def goes(gate: Edge, number: int) -> None:
    """It leaves."""
    car = departure(plate_of(number), number, seen_at=now())
    gate.post(replace(car, gate_id=gate.node_id, seq=gate.next_seq()))


def enters(kiosk: Edge, number: int) -> None:
    """Its visitor answers the tablet."""
    check_in = CheckIn(
        check_in_id=f"c-{number}",
        kiosk_id=kiosk.node_id,
        seq=kiosk.next_seq(),
        checked_in_at=now(),
        consented_at=now(),
        phone=phone_of(number),
        is_first_visit=Answer3.YES,
        family_visited=Answer3.NO,
        was_contacted=Answer3.NO,
        arrival_id=f"a-{number}",
        drinks=("green_tea",) if number % 3 == 0 else (),
        visitor_number=str(number),
    )
    kiosk.post(check_in)


def main(folder: Path, port: int, plan: Plan) -> None:
    """Let everybody of ``plan`` come, then stay until SIGTERM."""
    accounts = read_accounts(folder / "accounts.json")
    gates, kiosks = (
        [Edge(account, folder / "edges", port) for account in accounts if account.party is party]
        for party in (Party.GATE, Party.KIOSK)
    )
    (folder / READY).touch()
    day = sched.scheduler()
    for number in plan.arrivals:
        at_s, gate = number * plan.every_s, gates[number % len(gates)]
        day.enter(at_s, 0, comes, (gate, number))
        if checks_in(number):
            kiosk = kiosks[number // 2 % len(kiosks)]
            day.enter(at_s + WALK_S, 0, enters, (kiosk, number))
        if leaves(number):
            day.enter(at_s + STAY_S, 0, goes, (gate, number))
    day.run()
    signal.pause()


if __name__ == "__main__":
    start_logging()
    main(Path(sys.argv[1]), int(sys.argv[2]), Plan(float(sys.argv[3]), float(sys.argv[4])))
