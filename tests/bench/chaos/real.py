"""A round with real processes: the recorded hub, mosquitto, and a gate and a tablet beside them."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from broker.handlers.mended_files import MENDED
from broker.mqtt_server.accounts import Account, new_account
from gate.loop import CourierLoop
from shared.clock import now
from shared.config import MqttSettings
from shared.courier import Courier
from shared.edge_outbox import EdgeOutbox
from shared.messages import Message, NodeKind, Receipt
from shared.mqtt import MqttLink
from shared.node import Node
from shared.outbox import message_id
from shared.topics import Party
from tests.bench.chaos.checks import disorder, ids, rows, told_wrongly
from tests.bench.chaos.crash import Folder, changes_in, write_out
from tests.bench.chaos.faults import Fault, damage, free_bytes, jump_s
from tests.bench.chaos.programs import GATE, HUB, HUB_FILE, TABLET, edge_files
from tests.bench.chaos.recorder import Recorder
from tests.bench.hub_process import HubProcess
from tests.fakes import SITE
from tests.samples import NATURAL, arrival
from tests.servers import Server, mqtt_server
from tests.waiting import eventually

FAULTS = (
    Fault.POWER_HUB,
    Fault.KILLED,
    Fault.DAMAGED_HUB,
    Fault.FULL,
    Fault.READ_ONLY,
    Fault.CLOCK,
    Fault.WIPED,
)
"""What can happen to the hub and the MQTT server."""
EVENTS, PAUSE_S = 30, 0.3
PEOPLE = """\
order = ["li", "wang"]
[[staff]]
id = "li"
name = "li"
roles = ["consultant"]
pin = "1111"
[[staff]]
id = "wang"
name = "wang"
roles = ["consultant"]
pin = "1111"
[[staff]]
id = "chen"
name = "chen"
roles = ["manager"]
pin = "1111"
"""
POLICY = 'open = "00:00"\nclose = "24:00"\n'


@dataclass(frozen=True, slots=True)
class RealEdge:
    """A gate or tablet: its own file, a real link, and the courier on its thread."""

    node: Node
    courier: Courier
    next_number: Callable[[], int]
    outbox: EdgeOutbox


@dataclass
class RealRound:
    """A fault and a seed; only the timing of the processes is left to chance."""

    fault: Fault
    seed: int
    recorder: Recorder
    library: Path
    posted: set[str] = field(default_factory=set)
    restarts_ms: list[float] = field(default_factory=list)

    def play(self) -> tuple[list[str], int]:
        """What did not hold, and how much lacks of which somebody was told."""
        self.chance = random.Random(self.seed)
        self.recorder.prepare()
        accounts = {
            HUB: new_account(Party.HUB, "hub"),
            GATE: new_account(Party.GATE, "north"),
            TABLET: new_account(Party.KIOSK, "lobby"),
        }
        with ExitStack() as stack:
            self.server = stack.enter_context(
                mqtt_server(self.recorder.disk, "mosquitto", list(accounts.values()))
            )
            self.hub = HubProcess(
                self.recorder.disk,
                self.server.port,
                accounts[HUB].password,
                people=PEOPLE,
                policy=POLICY,
                environment=self.recorder.environment(self.library),
            )
            stack.callback(self.hub.stop)
            self.hub.start()
            edges = [self._edge(stack, part, accounts[part]) for part in (GATE, TABLET)]
            self._live_through(edges)
            is_home = eventually(lambda: all(edge.outbox.depth() == 0 for edge in edges))
        return self._wrong(is_home=is_home)

    def _edge(self, stack: ExitStack, part: str, account: Account) -> RealEdge:
        folder = self.recorder.root / part
        folder.mkdir()
        files = edge_files(part, folder)
        for database in files.databases:
            stack.callback(database.close)
        outbox = EdgeOutbox(files.databases[0])
        kind = NodeKind.GATE if part == GATE else NodeKind.KIOSK
        node = Node(SITE, account.node_id, kind, "chaos")
        settings = MqttSettings(
            port=self.server.port, username=account.username, password=account.password
        )
        link = MqttLink(settings, node, [Receipt])
        courier = Courier(node, link, outbox, lambda _message: None)
        carrying = CourierLoop(courier)
        link.start()
        stack.callback(link.stop)
        carrying.start()
        stack.callback(carrying.stop)
        return RealEdge(node, courier, files.next_number, outbox)

    def _live_through(self, edges: list[RealEdge]) -> None:
        """Cars and visitors come; at one of them something fails, and is mended some later."""
        begins = self.chance.randrange(3, EVENTS // 2)
        ends = begins + self.chance.randrange(3, EVENTS // 2)
        mend = _nothing
        for number in range(EVENTS):
            if number == begins:
                mend = self._spoil()
            elif number == ends:
                mend()
                self._start()
            self._come(edges[number % 2])
        self._start()

    def _come(self, edge: RealEdge) -> None:
        """Somebody comes, at times close behind another."""
        number = edge.next_number()
        message = _message(edge.node, number)
        self.posted.add(message_id(message))
        edge.courier.post(message)
        if self.chance.random() < 0.7:
            time.sleep(self.chance.uniform(0, 2 * PAUSE_S))

    def _start(self) -> None:
        """Start the hub unless it runs."""
        if not self.hub.is_running:
            began_s = time.monotonic()
            self.hub.start()
            self.restarts_ms.append(1000 * (time.monotonic() - began_s))

    # What fails, and what mends it

    def _spoil(self) -> Callable[[], None]:
        recorder = self.recorder
        if self.fault in (Fault.POWER_HUB, Fault.KILLED, Fault.DAMAGED_HUB):
            self.hub.kill()
            return {
                Fault.POWER_HUB: self._lose_power,
                Fault.DAMAGED_HUB: lambda: damage(recorder.disk / HUB_FILE, self.chance),
            }.get(self.fault, _nothing)
        if self.fault is Fault.FULL:
            recorder.spoil_disk(HUB, free=free_bytes(self.chance))
            return recorder.mend_disk
        if self.fault is Fault.READ_ONLY:
            recorder.spoil_disk(HUB, is_read_only=True)
            return recorder.mend_disk
        if self.fault is Fault.CLOCK:
            seconds = jump_s(self.chance)
            recorder.set_clock(seconds)
            return lambda: recorder.set_clock(-seconds)
        _kill_mosquitto(self.server)
        return _nothing

    def _lose_power(self) -> None:
        """Leave of the hub's folder what a power cut would have left when it was killed."""
        folder = Folder()
        folder.play(changes_in(self.recorder.log))
        left = folder.after_power_cut(HUB, self.chance)
        shutil.rmtree(self.recorder.disk / HUB)
        write_out(left, self.recorder.disk)

    def _wrong(self, *, is_home: bool) -> tuple[list[str], int]:
        path = self.recorder.disk / HUB_FILE
        kept = ids(path)
        wrong = [] if is_home else [f"messages still wait: {self.hub.log[-500:]}"]
        wrong += [f"{name} never came" for name in self.posted - set(kept)]
        wrong += [] if len(set(kept)) == len(kept) else ["a message is kept twice"]
        wrong += [*disorder(path), *told_wrongly(path)]
        is_told = bool(rows(path, f"select 1 from journal where kind = '{MENDED}'"))
        if is_told and self.fault is Fault.DAMAGED_HUB:
            return [], len(wrong)
        return [*wrong, *(["a file is said to be damaged"] if is_told else [])], 0


def _nothing() -> None:
    """Nothing is to be mended."""


def _kill_mosquitto(server: Server) -> None:
    """It keeps nothing; its watcher starts it again."""
    pid = server.process.pid
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    for child in listed.split():
        os.kill(int(child), signal.SIGKILL)


def _message(node: Node, number: int) -> Message:
    if node.kind is NodeKind.GATE:
        return arrival(f"浙A{10_000 + number}", number, seen_at=now())
    return replace(NATURAL, check_in_id=f"c-{number}", seq=number, checked_in_at=now())
