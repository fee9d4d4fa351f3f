"""The examples for other people's programs fit what we say."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from broker.home_assistant.discovery import discovery
from broker.mqtt_server.accounts import new_account
from shared.topics import Party

EXAMPLES = Path(__file__).parent.parent / "examples"
BLUEPRINTS = sorted((EXAMPLES / "home_assistant").glob("*.yaml"))


class _Blueprint(yaml.SafeLoader):
    """YAML with Home Assistant's ``!input``."""


_Blueprint.add_constructor("!input", lambda _loader, node: f"!input {node.value}")


def blueprint(path: Path) -> dict[str, Any]:
    return dict(yaml.load(path.read_text(encoding="utf-8"), _Blueprint))


@pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
def test_a_blueprint_uses_the_inputs_that_it_asks_for(path: Path) -> None:
    body = blueprint(path)
    asked = set(body["blueprint"]["input"])
    assert set(re.findall(r"!input (\w+)", path.read_text(encoding="utf-8"))) == asked
    assert body["blueprint"]["homeassistant"]["min_version"] == "2024.11.0"
    assert body.keys() >= {"triggers", "actions"}


def test_blueprints_ask_for_entities_that_we_have() -> None:
    told = discovery("xihu", "湖", [new_account(Party.GATE, "north")], {}, str)
    ours = {(part.platform, part.device_class) for part in told.components.values()}
    for path in BLUEPRINTS:
        for each in blueprint(path)["blueprint"]["input"].values():
            for wanted in (each["selector"].get("entity") or {}).get("filter", ()):
                assert (wanted["domain"], wanted.get("device_class")) in ours
