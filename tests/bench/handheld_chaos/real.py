"""A round with real processes: mosquitto and the hub are killed with −9 under real clients."""

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from broker.alerts.life import AlertGroup
from broker.journal.replay import replay
from broker.journal.verify import problems
from broker.mqtt_server.accounts import Account, new_account
from shared.clock import now
from shared.messages import (
    AckAnswer,
    Alert,
    AlertClosed,
    Answer3,
    Arrival,
    CheckIn,
    Message,
    Receipt,
)
from shared.outbox import message_id
from shared.sealed_file import connect
from shared.topics import ROOT, Party
from tests.bench.crowd import Crowd
from tests.bench.handheld_chaos.checks import journal_problems
from tests.bench.hub_process import HubProcess
from tests.fakes import SITE
from tests.phone_page import PhonePage, Seen
from tests.samples import arrival
from tests.servers import mqtt_server

STAFF = {
    **dict.fromkeys(("li", "wang", "zhao"), "consultant"),
    "wu": "parking",
    "hu": "parking",
    "lin": "door",
    "guan": "gate",
    "boss": "manager",
}
POLICY = """\
open = "00:00"
close = "24:00"
absent_after_s = 12
repeat_after_s = 2
second_after_s = 3
manager_after_s = 5
"""
"""Eight times as fast as a real site, so that ten steps fit into a minute."""
BUSY_S, QUIET_S = 30.0, 12.0
DELIVERED_WITHIN_S = 60.0
"""A hub that was just killed starts slowly on a busy machine."""
AGAIN_S = 2.0
TICK_S = 0.25


@dataclass
class RealRound:
    """A round by a seed; only the timing of the processes is left to chance."""

    seed: int
    folder: Path
    counts: dict[str, int] = field(default_factory=dict)
    pages: dict[str, PhonePage] = field(default_factory=dict)
    kept: dict[str, Message] = field(default_factory=dict)
    """The gate's and the tablet's outbox: what has no receipt yet is sent again."""
    posted: set[str] = field(default_factory=set)
    number: int = 0

    def run(self) -> list[str]:
        """What did not hold; empty: all did."""
        self.chance = random.Random(self.seed)
        accounts = {
            staff_id: new_account(Party.STAFF, staff_id, (role,))
            for staff_id, role in STAFF.items()
        }
        gate, kiosk = new_account(Party.GATE, "north"), new_account(Party.KIOSK, "lobby")
        hub = new_account(Party.HUB, "hub")
        everybody = [hub, gate, kiosk, *accounts.values()]
        with mqtt_server(self.folder, "mosquitto", everybody) as server:
            self.server = server
            self.hub = HubProcess(
                self.folder, server.port, hub.password, people=_site_toml(), policy=POLICY
            )
            self.hub.start()
            self.crowd = Crowd(server.port, on_up=self._up, on_down=self._down)
            self._join(accounts, (gate, kiosk))
            self._plan()
            try:
                self.crowd.run(BUSY_S)
                give_up_at = time.monotonic() + DELIVERED_WITHIN_S
                while self.kept and time.monotonic() < give_up_at:
                    self.crowd.run(1)
                self.crowd.run(QUIET_S)
                self.crowd.leave()
                is_back = self.hub.is_running and self.hub.is_connected()
            finally:
                self.hub.stop()
        if not is_back:
            return [f"the hub did not come back: {self.hub.log[-500:]}"]
        return [*self._phones_agree(), *self._file_tells()]

    def _join(self, accounts: dict[str, Account], edges: tuple[Account, Account]) -> None:
        root = f"{ROOT}/{SITE}"
        for name, account in accounts.items():
            page = self.pages[name] = PhonePage(name, (STAFF[name],), f"{name}-phone")
            topics = [f"{root}/alert/staff/{name}", f"{root}/alert/closed"]
            topics += [f"{root}/alert/role/{role}" for role in page.roles]
            self.crowd.join(account, topics, partial(self._hear, page))
        for edge in edges:
            self.crowd.join(edge, [f"{root}/receipt/{edge.node_id}"], self._receipt)

    def _plan(self) -> None:
        """Everything that will happen, by the seed."""
        later, chance = self.crowd.later, self.chance
        for _ in range(14):
            later(chance.uniform(0, BUSY_S), chance.choice((self._car, self._visitor)))
        for _ in range(2):
            later(chance.uniform(2, BUSY_S), self._kill_hub)
        later(chance.uniform(2, BUSY_S), self._kill_server)
        self._every(TICK_S, self._people_act)
        self._every(AGAIN_S, self._send_again)

    def _every(self, seconds: float, action: Callable[[], None]) -> None:
        action()
        self.crowd.later(seconds, lambda: self._every(seconds, action))

    # The network

    def _up(self, username: str) -> None:
        if page := self.pages.get(username.removeprefix("staff-")):
            page.connect(now())
            self._beat(page)

    def _down(self, username: str) -> None:
        if page := self.pages.get(username.removeprefix("staff-")):
            page.lose_connection()

    def _beat(self, page: PhonePage) -> None:
        status = page.heartbeat(now(), page.settle_at)
        self.crowd.send(f"staff-{page.staff_id}", status)

    def _hear(self, page: PhonePage, message: Message) -> None:
        if isinstance(message, AlertClosed):
            page.close(message)
        elif isinstance(message, Alert):
            page.receive(message, now())

    def _receipt(self, message: Message) -> None:
        if isinstance(message, Receipt):
            for kept_id in message.ids:
                self.kept.pop(kept_id, None)

    def _send_again(self) -> None:
        for message in self.kept.values():
            self.crowd.send(_sender(message), message)
        for page in self.pages.values():
            self._beat(page)
            for ack in page.pending.values():
                self.crowd.send(f"staff-{page.staff_id}", ack)

    # What happens

    def _car(self) -> None:
        self.number += 1
        self._post(arrival(f"浙A0000{self.number % 10}", self.number, seen_at=now()))

    def _visitor(self) -> None:
        self.number += 1
        self._post(
            CheckIn(
                check_in_id=f"c-{self.number}",
                kiosk_id="lobby",
                seq=self.number,
                checked_in_at=now(),
                is_first_visit=Answer3.YES,
                family_visited=Answer3.NO,
                was_contacted=Answer3.NO,
            )
        )

    def _post(self, message: Arrival | CheckIn) -> None:
        self._count("posted")
        self.kept[message_id(message)] = message
        self.posted.add(message_id(message))
        self.crowd.send(_sender(message), message)

    def _kill_hub(self) -> None:
        self._count("hub killed")
        self.hub.kill()
        self.crowd.later(self.chance.uniform(0, 3), lambda: self.hub.start(is_awaited=False))

    def _kill_server(self) -> None:
        """Its watcher starts it again within seconds."""
        self._count("server killed")
        pid = self.server.process.pid
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
        for child in listed.split():
            os.kill(int(child), signal.SIGKILL)

    def _people_act(self) -> None:
        for page in self.pages.values():
            page.pass_time(now())
            for alert_id in sorted(page.ringing()):
                dice = self.chance.random()
                if dice < 0.04:
                    self._answer(page, alert_id, AckAnswer.CLAIM)
                elif dice > 0.995:
                    self._answer(page, alert_id, AckAnswer.PASS_ON)

    def _answer(self, page: PhonePage, alert_id: str, how: AckAnswer) -> None:
        self._count(how.value)
        self.crowd.send(f"staff-{page.staff_id}", page.answer(alert_id, how, now()))

    # What must hold

    def _phones_agree(self) -> list[str]:
        wrong = []
        for group in self._rows("select body from alert_groups"):
            told = msgspec.json.decode(group[0], type=AlertGroup)
            ids = {alert.alert_id for alert in told.asked}
            goes = {
                page.staff_id
                for page in self.pages.values()
                for key, item in page.items.items()
                if key in ids and item.state is Seen.MINE
            }
            if len(goes) > 1:
                wrong.append(f"group {told.group_id}: {sorted(goes)} all go")
            age_s = (now() - told.raised_at).total_seconds()
            is_asked = any(alert.role == "manager" for alert in told.asked)
            if told.is_watched and age_s > QUIET_S and not is_asked:
                wrong.append(f"group {told.group_id}: no manager asked after {age_s:.0f} s")
        rows = self._rows("select alert_id from alerts where closed_at is not null")
        closed = {row[0] for row in rows}
        for page in self.pages.values():
            if late := page.ringing() & closed:
                wrong.append(f"{page.staff_id} rings for {sorted(late)}, which are over")
        return wrong

    def _file_tells(self) -> list[str]:
        wrong = [f"no receipt for {kept_id}" for kept_id in self.kept]
        rows = self._rows("select arrival_id from arrivals union select check_in_id from check_ins")
        if {row[0] for row in rows} != self.posted:
            wrong.append("what was posted and what is in the file differ")
        wrong += [f"journal: {problem}" for problem in problems(self.hub.file)]
        said: list[str] = []
        if replay(self.hub.file, said.append) != 0:
            wrong += said
        wrong += [f"rejected: {row[0]}" for row in self._rows("select reason from rejected")]
        return wrong + journal_problems(self._rows("select kind, subject_id, body from journal"))

    def _rows(self, sql: str) -> list[Any]:
        with closing(connect(self.hub.file)) as db:
            return db.execute(sql).fetchall()

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


def _sender(message: Message) -> str:
    return "gate-north" if isinstance(message, Arrival) else "kiosk-lobby"


def _site_toml() -> str:
    people = [
        f'[[staff]]\nid = "{staff_id}"\nname = "{staff_id}"\nroles = ["{role}"]\npin = "1111"\n'
        for staff_id, role in STAFF.items()
    ]
    return "\n".join(['order = ["li", "wang", "zhao"]', *people])
