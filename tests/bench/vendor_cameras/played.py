"""Plays a camera's hour to a real gate that is killed again and again."""

import http.client
import random
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from gate.vendors.adapters import ADAPTERS
from gate.vendors.body import Body
from shared.messages import Arrival, Correction, Departure, Message
from shared.outbox import Outbox, open_database
from tests.bench.vendor_cameras.hour import Hour, hour_of
from tests.flow.dying_gate import MOMENTS
from tests.flow.gate_process import GateProcess, free_port
from tests.gate.intake.answers import sentences, wrong_in
from tests.waiting import CAME_AT_ALL_S, eventually

LATE_S = 120.0
KILLED = 9
"""The exit status of a gate at its fate."""


@dataclass(slots=True)
class Played:
    """What came of it."""

    posts: int = 0
    deaths: int = 0
    answers: set[bytes] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)


def play(folder: Path, source: str, cars: int, deaths: int, seed: int) -> Played:
    """Post ``cars`` to a gate that dies so often; each is posted until it is answered."""
    chance, played = random.Random(seed), Played()
    port, pace_s = free_port(), 0.05
    began_s = time.time() - cars * pace_s
    hour = hour_of(source, cars, chance, began_s=began_s, pace_s=pace_s)
    fates = [f"{chance.choice(sorted(MOMENTS))}:{chance.randint(2, 6)}" for _ in range(deaths)]
    greets = str(ADAPTERS[source].greets).lower()
    camera = f'source = "{source}"\nlisten = "127.0.0.1:{port}"\n'
    camera += 'address = "127.0.0.1:9"\n'  # nobody: what a stream brings is posted
    camera += f"speaks = {greets}\nshows = {greets}\n"
    gate = GateProcess(folder, camera=camera, is_watched=False)
    try:
        _start(gate, fates, port, played)
        for body in hour.bodies:
            while (answer := _posted(port, body)) is None:
                if _is_dead(gate):
                    played.deaths += 1
                    _start(gate, fates, port, played)
            played.posts += 1
            played.answers.add(answer)
        outbox = Outbox(open_database(folder / "data" / "gate.sqlite3"))
        played.wrong += _judge(source, hour, outbox)
        gate.end(signal.SIGTERM)
    finally:
        gate.close()
    played.wrong += [line for answer in played.answers for line in wrong_in(answer, hour.came)]
    if ADAPTERS[source].greets and not any(map(sentences, played.answers)):
        played.wrong.append("nobody was greeted")
    played.wrong += [f"{left} was not reached" for left in fates]
    return played


def _start(gate: GateProcess, fates: list[str], port: int, played: Played) -> None:
    """Until the gate takes bodies; it may die over what it finds in its spool."""
    while True:
        fate = fates.pop(0) if fates else None
        program = ["-m", "tests.flow.dying_gate"] if fate else ["-m", "gate"]
        gate.start(program, ["--die", fate] if fate else [])
        assert eventually(lambda: is_there(port) or _is_dead(gate))
        if not _is_dead(gate):
            return
        if fate is None or gate.process is None or gate.process.returncode != KILLED:
            raise AssertionError("the gate does not start")
        played.deaths += 1


def _is_dead(gate: GateProcess) -> bool:
    return gate.process is not None and gate.process.poll() is not None


def is_there(port: int) -> bool:
    """Whether the gate takes bodies."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=CAME_AT_ALL_S)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _posted(port: int, body: Body) -> bytes | None:
    """The answer; None: the gate died, and the camera tries again."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=CAME_AT_ALL_S)
    try:
        headers = {"Content-Type": body.content_type} if body.content_type else {}
        connection.request("POST", body.path, body.data, headers)
        answer = connection.getresponse()
        return answer.read() if answer.status == http.client.OK else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        with suppress(OSError):
            connection.close()


def _judge(source: str, hour: Hour, outbox: Outbox) -> list[str]:
    """What is wrong with what the hub would hear: each car once, in order, records late."""
    eventually(lambda: set(hour.came) <= set(_cars(_messages(outbox)).values()), within_s=20)
    messages = _messages(outbox)
    cars, wrong = _cars(messages), list[str]()
    arrivals = {each.arrival_id: each for each in messages if isinstance(each, Arrival)}
    wrong += [f"{each.plate} left" for each in messages if isinstance(each, Departure)]
    plates = list(cars.values())
    wrong += [f"{plate}: told {plates.count(plate)} times" for plate in hour.came
              if plates.count(plate) != 1]  # fmt: skip
    wrong += [f"{plate}: never came" for plate in plates if plate not in hour.came]
    live = [name for name in cars if cars[name] not in hour.records]
    by_time = sorted(live, key=lambda name: arrivals[name].seen_at)
    expected = [plate for plate in hour.came if plate not in hour.records]
    if [cars[name] for name in by_time] != expected:
        wrong.append(f"{source}: another order")
    for name, each in arrivals.items():
        waited_s = (each.sent_at - each.seen_at).total_seconds()
        if (waited_s > LATE_S) is not (cars[name] in hour.records):
            wrong.append(f"{each.plate}: waited {waited_s:.0f} s")
    return wrong


def _messages(outbox: Outbox) -> list[Message]:
    return [waiting.message for waiting in outbox.waiting(100_000)]


def _cars(messages: Iterable[Message]) -> dict[str, str]:
    """The plate of each arrival, with what was corrected since."""
    found: dict[str, str] = {}
    for each in messages:
        if isinstance(each, Arrival):
            found.setdefault(each.arrival_id, each.plate)
        elif isinstance(each, Correction):
            found[each.arrival_id] = each.plate
    return found
