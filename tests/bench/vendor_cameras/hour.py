"""An hour of cars as a vendor's cameras tell of them, with all that goes wrong there."""

import base64
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from gate.passing.track import SAME_PLATE, plate_distance
from gate.vendors.body import Body
from tests.gate.intake.bodies import (
    TOLLGATE,
    axis,
    dahua,
    form,
    frigate,
    frigate_event,
    hikvision,
    hikvision_form,
    openalpr,
    platerecognizer,
    posted,
    zhenshi,
)

DIGITS = "0123456789"
PROVINCES = "浙苏皖赣闽粤鲁豫湘川"
LETTERS = "ABCDEFGHJK"
CHINA = timedelta(hours=8)
APART = SAME_PLATE + 1
"""A misread plate is one character further."""


@dataclass(frozen=True, slots=True)
class Car:
    """One car before the camera."""

    plate: str
    number: int
    at_s: float
    misread: str | None
    """What one of its results reads, unsurely; None: all read the same."""
    is_record: bool = False
    """The camera kept it while nobody listened."""

    @property
    def local(self) -> str:
        moment = datetime.fromtimestamp(self.at_s, UTC) + CHINA
        return moment.strftime("%Y-%m-%d %H:%M:%S.%f")[:23]

    @property
    def weak(self) -> str:
        return self.misread or self.plate


@dataclass(slots=True)
class Hour:
    """What is posted, in order, and which cars the hub must know in the end."""

    bodies: list[Body] = field(default_factory=list)
    came: list[str] = field(default_factory=list)
    records: set[str] = field(default_factory=set)


def _zhenshi(car: Car) -> Iterator[Body]:
    at = {"timeStamp": {"Timeval": {"sec": int(car.at_s), "usec": int(car.at_s % 1 * 1e6)}}}
    late = {"isoffline": int(car.is_record)}
    yield posted("/in/zhenshi", zhenshi(car.plate, 2 * car.number, **at, **late))
    if car.misread:
        unsure = zhenshi(car.misread, 2 * car.number + 1, confidence=45, **at, **late)
        yield posted("/in/zhenshi", unsure, coding="gbk")
    if car.number % 10 == 0:
        yield form("/in/zhenshi", ("pass_wd", "text/plain", b"hunter2"))
        yield posted("/in/zhenshi", zhenshi("_无_", 100_000 + car.number, **at))


def _zhenshi_mqtt(car: Car) -> Iterator[Body]:
    """Two messages a pass; the plate in base64."""
    at = {"timeStamp": {"Timeval": {"sec": int(car.at_s), "usec": int(car.at_s % 1 * 1e6)}}}
    written = base64.b64encode(car.plate.encode()).decode()
    said = zhenshi(written, car.number, isoffline=int(car.is_record), **at)
    envelope = {"sn": "c0ffee-01", "name": "gate", "version": "1.0", "payload": said}
    for name in ("quick_ivs_result", "ivs_result"):
        yield posted("/in/zhenshi-mqtt", envelope | {"name": name})


def _hikvision(car: Car) -> Iterator[Body]:
    late = {"isDataRetransmission": "true"} if car.is_record else {}
    document = hikvision(car.plate, f"uuid-{car.number}", **late)
    when = datetime.fromtimestamp(car.at_s, UTC).isoformat(timespec="seconds")
    yield hikvision_form(document.replace(b"2026-11-23T09:02:05+08:00", when.encode()))


def _hikvision_stream(car: Car) -> Iterator[Body]:
    """The same documents as the stream brings them, one by one."""
    for body in _hikvision(car):
        document = next(part.data for part in body.parts() if part.data.lstrip().startswith(b"<"))
        yield Body(document, "/in/hikvision-stream", "application/xml")


def _dahua(car: Car) -> Iterator[Body]:
    for text, confidence, part in ((car.weak, 62, "1"), (car.plate, 93, "2"), (car.plate, 95, "3")):
        yield posted(TOLLGATE, dahua(text, at=f"{car.local[:-1]}{part}", Confidence=confidence))
    if car.number % 5 == 0:
        yield posted(TOLLGATE, {"Picture": {"SnapInfo": {"AccurateTime": car.local}}})
        yield posted("/NotificationInfo/KeepAlive", {"Active": "keepAlive", "DeviceID": "dh-01"})


def _frigate(car: Car) -> Iterator[Body]:
    name = f"{car.at_s:.2f}-car{car.number}"
    yield posted("/in/frigate", frigate_event(None, "new", name, car.at_s))
    for text, score, later_s in (
        (car.weak, 0.6, 0.0),
        (car.plate, 0.94, 0.1),
        (car.plate, 0.9, 0.2),
    ):
        update = frigate(text, name, score=score, timestamp=car.at_s + later_s)
        yield posted("/in/frigate", update)
    yield posted("/in/frigate", frigate_event(car.plate, "end", name, car.at_s + 0.3))


def _platerecognizer(car: Car) -> Iterator[Body]:
    for text, score, part in ((car.weak, 0.7, "a"), (car.plate, 0.95, "b")):
        seen = platerecognizer((text.lower(), score), picture=f"{car.number}{part}.jpg")
        seen["data"]["timestamp"] = datetime.fromtimestamp(car.at_s, UTC).isoformat()
        yield posted("/in/platerecognizer", seen)


def _openalpr(car: Car) -> Iterator[Body]:
    began = {"epoch_start": int(car.at_s * 1000)}
    yield posted("/in/openalpr", openalpr(car.plate, f"uuid-{car.number}", **began))


def _axis(car: Car) -> Iterator[Body]:
    at = {"datetime": car.local, "packetCounter": car.number}
    for text, sure, state in (
        (car.weak, 0.6, "new"),
        (car.plate, 0.95, "update"),
        (car.plate, 0.96, "lost"),
    ):
        seen = axis(text, car.number, plateConfidence=sure, carState=state, **at)
        yield posted("/in/axis", seen)


MAKERS: dict[str, Callable[[Car], Iterator[Body]]] = {
    "zhenshi": _zhenshi,
    "zhenshi-mqtt": _zhenshi_mqtt,
    "hikvision": _hikvision,
    "hikvision-stream": _hikvision_stream,
    "dahua": _dahua,
    "frigate": _frigate,
    "platerecognizer": _platerecognizer,
    "openalpr": _openalpr,
    "axis": _axis,
}
KEEPS_RECORDS = ("zhenshi", "zhenshi-mqtt", "hikvision", "hikvision-stream")


def hour_of(
    source: str, cars: int, chance: random.Random, *, began_s: float, pace_s: float
) -> Hour:
    """So many cars of one camera, one each ``pace_s`` seconds."""
    hour, plates = Hour(), _plates(chance)
    for number in range(1, cars + 1):
        plate, at_s = next(plates), began_s + number * pace_s
        misread = _misread(plate, chance) if chance.random() < 0.3 else None
        is_record = source in KEEPS_RECORDS and chance.random() < 0.1
        at_s -= 7200 if is_record else 0
        for body in MAKERS[source](Car(plate, number, at_s, misread, is_record)):
            hour.bodies += [body] * (1 if chance.random() < 0.8 else chance.randint(2, 5))
        if chance.random() < 0.2:  # an old one once more, as after a lost answer
            hour.bodies.append(chance.choice(hour.bodies[-40:]))
        hour.came.append(plate)
        hour.records |= {plate} if is_record else set()
    return hour


def _plates(chance: random.Random) -> Iterator[str]:
    """Plates of which none looks like another.

    The hour is played fast: at its own pace there are ten seconds between two cars.
    """
    given: list[str] = []
    while True:
        plate = (
            chance.choice(PROVINCES) + chance.choice(LETTERS) + "".join(chance.choices(DIGITS, k=5))
        )
        is_new = plate not in given
        if is_new and all(plate_distance(plate, other) > APART for other in given[-500:]):
            given.append(plate)
            yield plate


def _misread(plate: str, chance: random.Random) -> str:
    place = chance.randrange(2, 7)
    other = chance.choice([sign for sign in DIGITS if sign != plate[place]])
    return plate[:place] + other + plate[place + 1 :]
