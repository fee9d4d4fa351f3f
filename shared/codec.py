"""Messages to bytes and back. Lenient about unknown fields, strict about everything else."""

from datetime import datetime
from functools import cache
from typing import TypeVar, get_args, get_type_hints

import msgspec

from shared import messages
from shared.errors import MessageError, sentence_of
from shared.messages import Message, Say
from shared.topics import Found, match, route_of

M = TypeVar("M", bound=Message)

MAX_PAYLOAD_BYTES = 64 * 1024
"""Our largest message has a few kilobytes; the MQTT server refuses more as well."""
YEARS = range(2000, 2200)
"""A moment outside them is no clock's, and dates next to the calendar's ends cannot be reckoned."""
PROBE = b"\0yingbin-probe "
"""How the test messages of `yingbin doctor` begin; no real message can begin like this."""


def encode(message: Message) -> bytes:
    """``message`` as it travels: UTF-8 JSON, moments as RFC 3339; a ``Say`` as plain text."""
    if isinstance(message, Say):
        return message.text.encode()
    return to_json(message)


def to_json(message: Message) -> bytes:
    """``message`` as JSON, even a ``Say``: the form of our own files, which ``decode`` reads."""
    return msgspec.json.encode(message)


def decode(kind: type[M], payload: bytes) -> M:
    """The message of type ``kind`` in ``payload``.

    Raises:
        MessageError: it is not JSON, nested too deep, or a field does not fit.
    """
    try:
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        problem = sentence_of(error)
        raise MessageError("error.message_form", kind=kind.__name__, problem=problem) from error
    except RecursionError as error:
        raise MessageError("error.message_depth", kind=kind.__name__) from error


def to_keep(message: Message) -> bytes:
    """``message`` as JSON, after it proved that it can be read again and sent.

    A struct that is made, not decoded, may hold what its own type forbids.

    Raises:
        MessageError: it cannot; whoever keeps it would stop at it later.
    """
    kind = type(message)
    try:
        body = to_json(message)
    except (ValueError, OverflowError, TypeError) as error:  # half a character, a huge number
        raise MessageError("error.message_form", kind=kind.__name__, problem=error) from error
    _prove_that_it_travels(decode(kind, body), len(body))
    return body


def read_kept(kind: str, body: bytes) -> Message:
    """The message of the type named ``kind`` that ``to_keep`` gave ``body`` for.

    Raises:
        MessageError: it cannot be read, or sent: damaged, or kept by another release.
    """
    message_type = getattr(messages, kind, None)
    if not isinstance(message_type, type) or not issubclass(message_type, Message):
        raise MessageError("error.message_kind", kind=kind)
    message = decode(message_type, body)
    _prove_that_it_travels(message, len(body))
    return message


def _prove_that_it_travels(message: Message, size: int) -> None:
    kind = type(message).__name__
    if size > MAX_PAYLOAD_BYTES:
        raise MessageError("error.message_size", topic=kind, size=size, most=MAX_PAYLOAD_BYTES)
    try:
        route_of(message)
    except LookupError as error:
        raise MessageError("error.message_topic", kind=kind) from error


def read_delivery(topic: str, payload: bytes, *, site: str) -> Message:
    """The message that came on ``topic``.

    Raises:
        MessageError: the topic is unknown, the payload does not fit, or the message names another
            sender or receiver than its topic does.
    """
    return read_found(match(topic, site=site), topic, payload)


def read_found(found: Found, topic: str, payload: bytes) -> Message:
    """The message that came on ``topic``, whose row was found already; see ``read_delivery``."""
    route, said = found
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise MessageError(
            "error.message_size", topic=topic, size=len(payload), most=MAX_PAYLOAD_BYTES
        )
    if route.message is Say:
        return Say(**said, **route.only, text=payload.decode(errors="replace")[:500])
    message = decode(route.message, payload)
    for name, value in {**said, **route.only}.items():
        if getattr(message, name) != value:
            raise MessageError(
                "error.message_sender", topic=topic, field=name, said=getattr(message, name)
            )
    _refuse_impossible_moments(message, topic)
    return message


def _refuse_impossible_moments(message: Message, topic: str) -> None:
    for name in _moments_of(type(message)):
        value = getattr(message, name)
        if value is not None and value.year not in YEARS:
            raise MessageError("error.message_moment", topic=topic, field=name, said=value)


@cache
def _moments_of(kind: type[Message]) -> tuple[str, ...]:
    """The fields that hold a moment."""
    hints = get_type_hints(kind).items()
    return tuple(name for name, hint in hints if datetime in (hint, *get_args(hint)))
