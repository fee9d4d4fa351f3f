"""A gate behind other people's cameras, in memory: post bodies, see what the hub is told."""

from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from flask import Response
from flask.testing import FlaskClient
from sqlite_utils import Database

from gate.camera.settings import CameraSettings
from gate.intake.desk import Desk
from gate.intake.door import Door, create_door
from gate.intake.greeting import Greeter
from gate.intake.same_car import Cars
from gate.intake.spool import FILE_SHAPE, Kept, Spool
from gate.intake.telling import Teller
from gate.loop import CourierLoop
from gate.passing.vote import VoteRules
from gate.vendors.adapters import ADAPTERS
from gate.vendors.body import Body
from shared.courier import Courier
from shared.edge_outbox import EdgeOutbox
from shared.messages import Arrival, Correction, Message, NodeKind
from shared.node import Node
from shared.sealed_file import sqlite3
from tests.fakes import SITE, FakeClock, FakeLink
from tests.gate.cars import VOICE


class AlwaysThere(CourierLoop):
    """A courier that carries nothing: the outbox keeps what was posted."""

    @property
    def is_alive(self) -> bool:
        return True


def memory() -> Database:
    return Database(sqlite3.connect(":memory:", check_same_thread=False))


@dataclass(slots=True)
class Intake:
    """One vendor's cameras before a gate."""

    source: str
    speaks: bool = False
    shows: bool = False
    clock: FakeClock = field(default_factory=FakeClock)
    db: Database = field(default_factory=memory)
    link: FakeLink = field(default_factory=FakeLink)
    outbox: EdgeOutbox = field(default_factory=lambda: EdgeOutbox(memory()))
    spool: Spool = field(init=False)
    courier: Courier = field(init=False)
    desk: Desk = field(init=False)
    door: Door = field(init=False)
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        FILE_SHAPE.make(self.db)
        self.spool = Spool(self.db, self.clock, Path())
        self.start()

    def start(self) -> None:
        """Start the program, or start it again over what it kept."""
        node, adapter, numbers = (
            Node(SITE, "north", NodeKind.GATE, "0"),
            ADAPTERS[self.source],
            count(1),
        )
        self.courier = Courier(node, self.link, self.outbox, lambda _message: None)
        carrying = AlwaysThere(self.courier)
        teller = Teller(self.source, "north", lambda: next(numbers), self.clock, VOICE)
        cars = Cars(VoteRules(), adapter.settle_s)
        self.desk = Desk(self.spool, adapter, cars, teller, carrying, lambda _state: None, 7)
        self.courier.on_erased = self.desk.erased.put
        self.desk.recall()
        self.door = Door(self.source, adapter, self.spool, self.desk.signs)
        if adapter.greets:
            greeter = Greeter(self.camera, VoteRules(), VOICE, lambda: self.clock().timestamp())
            self.door = replace(self.door, greeter=greeter)
        self.client = create_door(self.door).test_client()

    @property
    def camera(self) -> CameraSettings:
        return CameraSettings(source=self.source, speaks=self.speaks, shows=self.shows)

    def post(self, body: Body) -> Any:
        """Post ``body`` as a camera would; the answer."""
        if "/device/message/" in body.path:  # a topic
            return self._heard(body)
        path = body.path or f"/in/{self.source}"
        return self.client.post(path, data=body.data, content_type=body.content_type or None)

    def _heard(self, body: Body) -> Response:
        return Response(status=200 if self.door.hear(body) else 503)

    def take(self, *bodies: Body) -> list[str]:
        """Post each body, a moment after the other; what became of each result."""
        before = {kept.row for kept in self.spool.newest(10_000)}
        for body in bodies:
            assert self.post(body).status_code == 200
            self.desk.turn()
            self.clock.pass_s(0.3)
        self.clock.pass_s(10)
        self.desk.turn()
        new = [kept for kept in self.spool.newest(10_000) if kept.row not in before]
        return [verdict for kept in reversed(new) for verdict in kept.verdicts]

    def kept(self) -> list[Kept]:
        return list(reversed(self.spool.newest(10_000)))

    def told(self) -> list[Message]:
        return [waiting.message for waiting in self.outbox.waiting(10_000)]

    def plates(self) -> list[str]:
        """What the hub heard: ``+`` came, ``-`` left, ``=`` corrected, ``?`` uncertain."""
        return [_short(message) for message in self.told()]


def _short(message: Any) -> str:
    if isinstance(message, Arrival):
        return f"+{message.plate}{'?' if message.is_uncertain else ''}"
    return f"{'=' if isinstance(message, Correction) else '-'}{message.plate}"
