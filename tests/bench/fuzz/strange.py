"""Strange messages: valid ones after accidents, on topics right and wrong, drawn from chance."""

import itertools
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from shared.clock import now
from shared.codec import MAX_PAYLOAD_BYTES
from shared.schema.__main__ import message_types
from shared.topics import ROOT, ROUTES, placeholders, topic_of
from tests.fakes import SITE
from tests.strange_values import ANY, SAMPLES, TEXTS, fitting

MEGABYTE = 1_000_000
BURST = 40
"""So often an account may send one and the same thing in a row."""


@dataclass(frozen=True, slots=True)
class Strange:
    """One publish."""

    how: str
    topic: str
    payload: bytes
    is_retained: bool = False
    times: int = 1


Accident = Callable[[bytes, random.Random], bytes]


def strange_messages(node_id: str, chance: random.Random) -> Iterator[Strange]:
    """Without end: every type of message in turn, as the account of ``node_id`` would send it."""
    for kind in itertools.cycle(message_types()):
        body = _fresh(SAMPLES[kind.__name__], chance)
        topic = topic_of(msgspec.convert(SAMPLES[kind.__name__], kind), site=SITE)
        if chance.random() < 0.8:
            topic, body = _as_own(kind, node_id, topic, body)
        how = chance.choice(tuple(HOWS))
        yield HOWS[how](how, topic, body, chance)


def _fresh(sample: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The sample with an id and moments of now, so that the hub acts on it."""
    moment = now().isoformat()
    own_id = next((name for name in sample if name.endswith("_id")), None)
    fresh = {name: moment for name in sample if name.endswith("_at")}
    if own_id is not None and own_id not in ("node_id", "gate_id", "kiosk_id", "staff_id"):
        fresh[own_id] = f"f-{chance.randrange(10**9)}"
    return sample | fresh


def _as_own(
    kind: type[Any], node_id: str, topic: str, body: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """The topic and the body with the account's own id where the sample has another's."""
    route = next(route for route in ROUTES if route.message is kind)
    for name in placeholders(route.pattern):
        if name.endswith("_id"):
            body = body | {name: node_id}
    filled = {name: body.get(name) or "x" for name in placeholders(route.pattern)}
    return route.at(SITE).format(**filled), body


# How a message is spoilt


def _valid(how: str, topic: str, body: dict[str, Any], chance: random.Random) -> Strange:
    return Strange(how, topic, _json(body))


def _other_values(how: str, topic: str, body: dict[str, Any], chance: random.Random) -> Strange:
    names = chance.sample(sorted(body), min(len(body), chance.randint(1, 4)))
    values = {
        name: chance.choice((*fitting(name, body[name]), chance.choice(TEXTS), chance.choice(ANY)))
        for name in names
    }
    return Strange(how, topic, _json(body | values))


def _without_fields(how: str, topic: str, body: dict[str, Any], chance: random.Random) -> Strange:
    kept = {name: value for name, value in body.items() if chance.random() < 0.7}
    return Strange(how, topic, _json(kept))


def _no_object(how: str, topic: str, body: dict[str, Any], chance: random.Random) -> Strange:
    return Strange(how, topic, _json(chance.choice((*ANY, [body], {}, {"": body}))))


def _huge(how: str, topic: str, body: dict[str, Any], chance: random.Random) -> Strange:
    size = chance.choice((500, 5_000, MAX_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES + 1, MEGABYTE))
    name = chance.choice(sorted(body))
    return Strange(how, topic, _json(body | {name: chance.choice(("x", "字", "0")) * size}))


def _deep(how: str, topic: str, body: dict[str, Any], chance: random.Random) -> Strange:
    depth = chance.choice((50, 999, 3_000, 30_000))
    nest = chance.choice((b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth))
    return Strange(how, topic, b'{"more":' + nest + b"," + _json(body)[1:])


def _bad_bytes(how: str, topic: str, body: dict[str, Any], chance: random.Random) -> Strange:
    spoilt = bytearray(_json(body))
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(spoilt))
        spoilt[place] = chance.choice((0, 0x7F, 0x80, 0xC0, 0xED, 0xFF, chance.randrange(256)))
    return Strange(how, topic, bytes(spoilt))


def _cut(how: str, topic: str, body: dict[str, Any], chance: random.Random) -> Strange:
    whole = _json(body)
    return Strange(how, topic, whole[: chance.randrange(len(whole))])


def _noise(how: str, topic: str, body: dict[str, Any], chance: random.Random) -> Strange:
    return Strange(how, topic, chance.randbytes(chance.randrange(2_000)))


def _wrong_topic(how: str, topic: str, body: dict[str, Any], chance: random.Random) -> Strange:
    end = chance.choice(("", "x", "a/b", "字" * 60, "\u202e", " ", "check_in", "ack", "status"))
    other = (
        f"{topic}/{end}",
        f"{ROOT}/{SITE}/{end}",
        f"{ROOT}/other/gate/north/arrival",
        topic.replace("v1", "v2"),
        chance.choice(ROUTES).pattern.replace("{", "").replace("}", ""),
        f"$SYS/{end}",
    )
    return Strange(how, chance.choice(other), _json(body))


def _again(how: str, topic: str, body: dict[str, Any], chance: random.Random) -> Strange:
    return Strange(how, topic, _json(body), times=chance.randint(2, 5))


def _burst(how: str, topic: str, body: dict[str, Any], chance: random.Random) -> Strange:
    return Strange(how, topic, _json(body), times=BURST if chance.random() < 0.1 else 1)


def _retained(how: str, topic: str, body: dict[str, Any], chance: random.Random) -> Strange:
    return Strange(how, topic, chance.choice((_json(body), b"")), is_retained=True)


def _json(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode(errors="surrogatepass")


HOWS: dict[str, Callable[[str, str, dict[str, Any], random.Random], Strange]] = {
    "valid": _valid,
    "other values": _other_values,
    "fields missing": _without_fields,
    "no object": _no_object,
    "huge": _huge,
    "nested deep": _deep,
    "bad bytes, NUL, no UTF-8": _bad_bytes,
    "cut off": _cut,
    "noise": _noise,
    "wrong topic": _wrong_topic,
    "twice and more": _again,
    "in a burst": _burst,
    "retained": _retained,
}
