"""Writes each message's JSON Schema, and all topics as AsyncAPI: ``python -m shared.schema``."""

import json
from pathlib import Path
from typing import Any

import msgspec

from shared.messages import Message, Say
from shared.schema.asyncapi import document
from shared.topics import ROUTES

FOLDER = Path(__file__).parent


def message_types() -> list[type[Message]]:
    """Every type with a topic, by name; ``Say`` is plain text and has no schema."""
    return sorted({route.message for route in ROUTES} - {Say}, key=lambda kind: kind.__name__)


def schema_of(kind: type[Message]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of ``kind``, with the topics it travels on.

    What fits it the hub takes. The hub takes some more: see the descriptions.
    """
    topics = ", ".join(route.at("{site}") for route in ROUTES if route.message is kind)
    schema = msgspec.json.schema(kind)
    if kind.rules:
        schema["$defs"][kind.__name__]["allOf"] = [rule.schema() for rule in kind.rules]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": f"Topics: {topics}",
        "title": kind.__name__,
        **schema,
    }


def schema_text(kind: type[Message]) -> str:
    """``schema_of`` as the file holds it."""
    return _text(schema_of(kind))


def asyncapi_text() -> str:
    """The AsyncAPI document as the file ``asyncapi.json`` holds it."""
    return _text(document())


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for message_type in message_types():
        path = FOLDER / f"{message_type.__name__}.schema.json"
        path.write_text(schema_text(message_type), encoding="utf-8")
    (FOLDER / "asyncapi.json").write_text(asyncapi_text(), encoding="utf-8")
