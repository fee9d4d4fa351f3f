"""Messages to bytes and back. Lenient about unknown fields, strict about everything else."""

from typing import TypeVar

import msgspec

from shared.errors import MessageError, sentence_of
from shared.messages import Message, Say
from shared.topics import Found, match

M = TypeVar("M", bound=Message)

MAX_PAYLOAD_BYTES = 64 * 1024
"""Our largest message has a few kilobytes; the MQTT server refuses more as well."""
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
        MessageError: it is too large, not JSON, or a field does not fit.
    """
    try:
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        problem = sentence_of(error)
        raise MessageError("error.message_form", kind=kind.__name__, problem=problem) from error


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
    return message
