"""Spoils the bodies of cameras, as broken firmware, lines and strangers do."""

import random
from collections.abc import Callable

from gate.vendors.body import Body
from gate.vendors.secrets_out import fit_to_keep
from tests.bench.vendor_cameras.hour import MAKERS, hour_of
from tests.gate.intake.answers import wrong_in
from tests.gate.intake.scene import Intake

_TOKENS = (
    b"null",
    b"[]",
    b"{}",
    b'""',
    b"-1",
    b"1e999",
    b"NaN",
    b"true",
    b"\xff\xfe",
    b"\0",
    b"<",
    b"&x;",
    b"<!DOCTYPE a>",
    "_无_".encode(),
    b'"\\ud800"',
    b"9" * 400,
)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _flip(data: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def _doubled(data: bytes, chance: random.Random) -> bytes:
    at, end = sorted(chance.choices(range(len(data)), k=2))
    return data[:end] + data[at:end] * chance.randint(1, 3) + data[end:]


def _replaced(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + chance.choice(_TOKENS) + data[at + chance.randint(0, 12) :]


def _value(data: bytes, chance: random.Random) -> bytes:
    """Another value behind a colon or between two tags."""
    places = [at for at, sign in enumerate(data[:4000]) if sign in b":>"]
    if not places:
        return data
    at = chance.choice(places) + 1
    end = next((n for n in range(at, len(data)) if data[n] in b",}<"), len(data))
    return data[:at] + chance.choice(_TOKENS) + data[end:]


def _deep(data: bytes, chance: random.Random) -> bytes:
    return chance.choice((b'{"a":' * 5_000, b"[" * 5_000, b"<a>" * 5_000)) + data


HOWS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut, _flip, _flip, _doubled, _replaced, _replaced, _value, _value, _value, _deep,
)  # fmt: skip
_TYPES = (
    "",
    "application/json",
    "text/xml",
    "application/x-www-form-urlencoded",
    "image/jpeg",
    "multipart/form-data",
    "multipart/mixed; boundary=x",
    "\xff;;boundary=",
)


def spoil(body: Body, chance: random.Random) -> Body:
    """``body``, spoilt in one or several ways, sometimes with a wrong type."""
    data = body.data
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        data = chance.choice(HOWS)(data, chance) if data else b""
    kind = body.content_type if chance.random() < 0.7 else chance.choice(_TYPES)
    return Body(data, body.path, kind)


def endure(source: str, count: int, seed: int) -> list[str]:
    """Post so many spoilt bodies to a gate; what was wrong: a crash, or one that is not kept."""
    chance, intake, wrong = (
        random.Random(seed),
        Intake(source, speaks=True, shows=True),
        list[str](),
    )
    whole = hour_of(source, 40, chance, began_s=1_795_395_725, pace_s=12).bodies
    kept = 0
    for number in range(count):
        body = spoil(chance.choice(whole), chance)
        answer = intake.post(body)
        newest = intake.spool.newest(1)
        if answer.status_code != 200 or wrong_in(answer.data):
            wrong.append(f"{source} {number}: answered {answer.status_code} {answer.data!r}")
        is_new = bool(newest) and newest[0].row > kept
        if is_new and newest[0].body.data != fit_to_keep(body.data):
            wrong.append(f"{source} {number}: kept otherwise than it came")
        if not is_new and not intake.desk.adapter.understand(body).is_heartbeat:
            wrong.append(f"{source} {number}: not kept")
        kept = newest[0].row if newest else kept
        intake.clock.pass_s(1)
        if number % 20 == 0:
            intake.desk.turn()
    intake.desk.turn()
    if intake.spool.unread(1):
        wrong.append(f"{source}: something is never read")
    assert set(MAKERS) >= {source}
    return wrong
