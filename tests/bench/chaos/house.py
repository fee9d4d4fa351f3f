"""One site inside a process: its programs on their folders, its MQTT server, its phones."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from shared.clock import now
from shared.errors import OperatorError
from shared.sealed_file import sqlite3
from tests.bench.chaos.exchange import Exchange
from tests.bench.chaos.marks import Marks
from tests.bench.chaos.phones import Phones
from tests.bench.chaos.programs import (
    GATE,
    HUB,
    PARTS,
    STARTS,
    TABLET,
    EdgeProgram,
    HubProgram,
    Program,
)
from tests.bench.chaos.recorder import Recorder

QUIET_TURNS = 60
"""So many turns must do to bring everything home, once nothing fails any more."""
TURN_S = 2.5
FAILURES = (sqlite3.Error, OSError, OperatorError)
"""What ends a program whose disk fails; the service manager starts it again."""


@dataclass
class House:
    """The site; a program that ended is None until it starts again."""

    folder: Path
    chance: random.Random
    recorder: Recorder
    spoilt: set[str] = field(default_factory=set)
    """The parts whose disk or file is bad: only their programs may end."""
    wrong: list[str] = field(default_factory=list)
    mended: set[str] = field(default_factory=set)
    """The parts that found their file damaged when they started."""
    restarts_ms: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        for part in PARTS:
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        self.marks = Marks(self.folder)
        self.exchange = Exchange(self.chance)
        self.phones = Phones(self.exchange, self.chance)
        self.programs: dict[str, Program | None] = dict.fromkeys(PARTS)

    @property
    def hub(self) -> HubProgram | None:
        found = self.programs[HUB]
        return found if isinstance(found, HubProgram) else None

    @property
    def gate(self) -> EdgeProgram | None:
        found = self.programs[GATE]
        return found if isinstance(found, EdgeProgram) else None

    @property
    def tablet(self) -> EdgeProgram | None:
        found = self.programs[TABLET]
        return found if isinstance(found, EdgeProgram) else None

    def turn(self, seconds: float) -> None:
        """Let so much time pass, and every program take a turn."""
        self.recorder.pass_s(seconds)
        self.marks.put("at", now().isoformat())
        self.exchange.turn()
        self.start()
        for part, program in self.programs.items():
            if program is not None:
                self.attempt(part, program.step)
        self.phones.turn()

    def start(self) -> None:
        """Start what does not run."""
        for part in PARTS:
            if self.programs[part] is None:
                self.attempt(part, partial(self._start, part))

    def attempt(self, part: str, deed: Callable[[], None]) -> None:
        """Do it; a program whose disk fails may end of it, no other."""
        try:
            deed()
        except FAILURES as error:
            if part not in self.spoilt:
                self.wrong.append(f"{part} ended although its disk is sound: {error!r}")
            self.end(part)

    def end(self, part: str) -> None:
        """This part's program ends, as by kill −9."""
        if (program := self.programs[part]) is not None:
            program.end()
        self.programs[part] = None

    def settle(self) -> None:
        """Bring everything home: nothing fails any more, and nothing new happens."""
        for _ in range(QUIET_TURNS):
            self.turn(TURN_S)
            if all(self.programs.values()) and self._waiting() == 0:
                break
        else:
            self.wrong.append(f"{self._waiting()} messages still wait in the edges' outboxes")
        self.turn(TURN_S)

    def close(self) -> None:
        """End everything."""
        for part in PARTS:
            self.end(part)
        self.marks.close()

    def _waiting(self) -> int:
        edges = (self.gate, self.tablet)
        return sum(edge.outbox.depth() for edge in edges if edge is not None)

    def _start(self, part: str) -> None:
        began_s = time.perf_counter()
        program = STARTS[part](self.folder / part, self.exchange, self.marks)
        if part == HUB:
            self.restarts_ms.append(1000 * (time.perf_counter() - began_s))
        self.programs[part] = program
        if program.is_mended:
            self.mended.add(part)
