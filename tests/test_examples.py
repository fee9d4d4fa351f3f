"""The examples for other people's programs fit what we say."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from broker.console.metrics import exposition
from broker.health.site_figures import Condition
from broker.home_assistant.discovery import discovery
from broker.mqtt_server.accounts import Access, covers, filters, new_account
from shared.messages import MaskedArrival, NodeStatus, SiteCounts
from shared.topics import Party
from tests.broker.console.fake_health import figures

EXAMPLES = Path(__file__).parent.parent / "shared" / "examples"
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


def test_the_dashboard_names_only_figures_that_there_are() -> None:
    board = json.loads((EXAMPLES / "grafana" / "yingbin.json").read_text(encoding="utf-8"))
    text = json.dumps(board)
    named = set(re.findall(r"\byingbin_\w+", text)) - {"yingbin_info"}
    some = figures()
    known = replace(some, checked_at=some.at, certificate_until=some.at)
    text_of_all = exposition(known, {"disk": Condition.WRONG})
    told = set(re.findall(r"^# TYPE (\w+) ", text_of_all, re.M))
    assert len(named) > 15
    assert named <= told
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    fields = {"instance", "check", "kind", "node", "gate", "quantile", "state"}
    assert set(re.findall(r"{{(\w+)}}", text)) <= fields


FLOW = json.loads((EXAMPLES / "node_red" / "flow.json").read_text(encoding="utf-8"))


def test_the_flow_is_wired_and_hears_only_what_its_account_may() -> None:
    ids = {node["id"] for node in FLOW}
    assert {wire for node in FLOW for out in node.get("wires", ()) for wire in out} <= ids
    house = new_account(Party.HOME_ASSISTANT, "home_assistant")
    allowed = filters(house, Access.READ, site="xihu")
    for node in FLOW:
        if node["type"] == "mqtt in":
            assert any(covers(each, node["topic"].replace("v1/+", "v1/xihu")) for each in allowed)


def test_the_flow_names_only_fields_of_the_messages_and_nothing_leaves_the_house_unasked() -> None:
    kinds = (MaskedArrival, SiteCounts, NodeStatus)
    fields = {name for kind in kinds for name in kind.__struct_fields__}
    assert set(re.findall(r"payload\.(\w+)", json.dumps(FLOW))) <= fields
    assert [node.get("d") for node in FLOW if node["type"] == "http request"] == [True]
