"""Writes the JSON Schema of every message beside this file: ``python -m shared.schema``."""

import json
from pathlib import Path
from typing import Any

import msgspec

from shared.messages import Message, Say
from shared.topics import ROUTES

FOLDER = Path(__file__).parent


def message_types() -> list[type[Message]]:
    """Every type with a topic, by name; ``Say`` is plain text and has no schema."""
    return sorted({route.message for route in ROUTES} - {Say}, key=lambda kind: kind.__name__)


def schema_of(kind: type[Message]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of ``kind``, with the topics it travels on."""
    topics = [route.at("{site}") for route in ROUTES if route.message is kind]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.__name__,
        "x-topics": topics,
        **msgspec.json.schema(kind),
    }


def schema_text(kind: type[Message]) -> str:
    """``schema_of`` as the file holds it."""
    return json.dumps(schema_of(kind), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for message_type in message_types():
        path = FOLDER / f"{message_type.__name__}.schema.json"
        path.write_text(schema_text(message_type), encoding="utf-8")
