"""A running hub whose machine a test sets wrong, switches off and asks who vouches."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from broker.handlers.context import Hub
from broker.handlers.presence import Presence
from broker.hub.loop import HubLoop
from broker.hub.opening import open_hub
from broker.hub.time_keeping import hold_later
from broker.journal.entries import FILE_NAME, last_moment
from broker.journal.replay import replay
from broker.journal.verify import problems
from broker.rules.policy import Policy
from broker.site_clock.clock_file import FILE_NAME as CLOCK_FILE
from broker.site_clock.clock_file import ClockFile
from broker.site_clock.keeper import ClockKeeper, opened_clock
from broker.site_clock.witnesses import Witnesses
from broker.site_file import SitePeople
from broker.store.rebuilt import differences
from shared.messages import Alert, Message, NodeKind, NodeState, NodeStatus
from shared.node import Node
from tests.fakes import SITE, FakeClock, FakeLink
from tests.hub_fixtures import PEOPLE


@dataclass
class ClockedHub:
    """The hub in ``folder``. ``right`` is the world's time, ``machine`` what the machine shows."""

    folder: Path
    people: SitePeople = PEOPLE
    policy: Policy = field(default_factory=Policy)
    right: FakeClock = field(default_factory=FakeClock)
    machine: FakeClock = field(default_factory=FakeClock)
    boot: int = 1
    is_time_source_followed: bool = False
    told: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.start()

    def start(self) -> None:
        """The hub's program starts."""
        machine, boot = self.machine, f"boot-{self.boot}"
        clock = opened_clock(
            self.folder, machine, machine.running_s, boot, last_moment(self.folder)
        )
        opened = open_hub(self.folder, self.people, self.policy, clock)
        keeper = ClockKeeper(
            clock,
            machine.running_s,
            ClockFile(self.folder / CLOCK_FILE, boot),
            Witnesses(boot),
            lambda: self.is_time_source_followed,
        )
        hold_later(clock, opened.decider.state.now)
        self.hub: Hub = replace(opened, keeper=keeper, presence=Presence(machine.running_s))
        self.link = FakeLink()
        node = Node(SITE, "hub", NodeKind.HUB, "test", clock)
        self.loop = HubLoop(self.hub, self.link, node)
        self.turn()

    def stop(self) -> None:
        """The hub's program ends."""
        self.hub.inbox.db.close()

    def restart(self) -> None:
        """The program ends and starts; the machine runs on."""
        self.stop()
        self.start()

    def switch_off(self, off_s: float, shows: datetime | None = None) -> None:
        """The machine is off for so long, and ``shows`` this when it is on again."""
        self.stop()
        self.right.pass_s(off_s)
        self.machine.moment = shows or self.right.moment
        self.machine.passed_s = 1.0
        self.boot += 1
        self.start()

    def is_set(self, shows: datetime) -> None:
        """The machine's clock jumps."""
        self.machine.moment = shows
        self.turn()

    def turn(self) -> None:
        """A turn of the hub's loop."""
        self.loop.step(0.0)
        self.told += self.link.sent
        self.link.sent.clear()

    def pass_s(self, seconds: float) -> None:
        """So many seconds pass, and nobody looks before they are over."""
        self.right.pass_s(seconds)
        self.machine.pass_s(seconds)
        self.turn()

    def run(self, seconds: float) -> None:
        """So many seconds pass, a turn of the loop in each."""
        while seconds > 0:
            passed = min(1.0, seconds)
            self.right.pass_s(passed)
            self.machine.pass_s(passed)
            seconds -= passed
            self.turn()

    def take(self, *messages: Message) -> list[Message]:
        """What the hub sends on ``messages``."""
        self.link.waiting += [None]
        before = len(self.told)
        for message in messages:
            self.link.waiting.clear()
            self.link.deliver(message)
            self.turn()
        return self.told[before:]

    def alerts(self, title: str | None = None) -> list[Alert]:
        """The alerts so far (with this title)."""
        found = [message for message in self.told if isinstance(message, Alert)]
        return [alert for alert in found if title in (None, alert.title)]

    def off_s(self) -> float:
        """How far the hub's time is ahead of the world's."""
        return (self.hub.clock() - self.right.moment).total_seconds()

    def events(self, kind: str) -> Iterator[str]:
        """The bodies of the journal's steps that tell of this kind of event."""
        rows = self.hub.inbox.db.conn.execute(
            "select body from journal where kind = 'step' and instr(body, ?) order by seq",
            [f'"type":"{kind}"'],
        )
        return (body for (body,) in rows.fetchall())

    def entries(self) -> list[str]:
        """What the journal says of the clock."""
        rows = self.hub.inbox.db.conn.execute("select body from journal where kind = 'clock'")
        return [body for (body,) in rows.fetchall()]

    def assert_sound(self) -> None:
        """The file is whole, and everything in it is decided again as it was."""
        self.hub.journal.seal()
        path, said = self.folder / FILE_NAME, list[str]()
        assert replay(path, said.append) == 0, said
        assert not list(problems(path))
        assert not list(differences(path))


def heartbeat(name: str, at: datetime, machine: str | None) -> NodeStatus:
    """A gate's, whose clock shows ``at``."""
    return NodeStatus(
        node_id=name, kind=NodeKind.GATE, state=NodeState.ONLINE, at=at, machine=machine
    )
