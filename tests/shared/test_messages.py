import json
from pathlib import Path

import jsonschema
import msgspec
import pytest

from shared import schema
from shared.codec import decode, encode
from shared.errors import MessageError
from shared.messages import Arrival, CheckIn, HouseDiscovery, Message, NodeKind, Receipt
from shared.node import Node
from shared.schema.__main__ import asyncapi_text, message_types, schema_text
from shared.topics import ROUTES, filters_for, match, route_of, topic_of

FOLDER = Path(schema.__file__).parent
KINDS = pytest.mark.parametrize("kind", message_types(), ids=lambda kind: kind.__name__)


def sample(kind: type[Message]) -> bytes:
    return (FOLDER / f"{kind.__name__}.sample.json").read_bytes()


@KINDS
def test_the_schema_in_the_repository_is_the_code_s(kind: type[Message]) -> None:
    kept = (FOLDER / f"{kind.__name__}.schema.json").read_text(encoding="utf-8")
    assert kept == schema_text(kind), "run `python -m shared.schema`"


def test_the_asyncapi_document_in_the_repository_is_the_code_s() -> None:
    kept = (FOLDER / "asyncapi.json").read_text(encoding="utf-8")
    assert kept == asyncapi_text(), "run `python -m shared.schema`"
    body = json.loads(kept)
    told = {channel["address"] for channel in body["channels"].values()}
    assert told == {route.at("{site}") for route in ROUTES}
    for message in body["components"]["messages"].values():
        if reference := message["payload"].get("$ref"):
            assert (FOLDER / reference).is_file()


@KINDS
def test_a_golden_sample_is_understood_and_fits_its_schema(kind: type[Message]) -> None:
    body = json.loads(sample(kind))
    assert msgspec.to_builtins(decode(kind, sample(kind))) == _with_defaults(kind, body)
    jsonschema.validate(body, json.loads(schema_text(kind)))


def _with_defaults(kind: type[Message], body: dict[str, object]) -> object:
    return msgspec.to_builtins(msgspec.convert(body, kind))


@KINDS
def test_a_field_of_a_newer_release_is_ignored(kind: type[Message]) -> None:
    body = json.loads(sample(kind)) | {"colour_of_the_roof": "red"}
    assert decode(kind, json.dumps(body).encode()) == decode(kind, sample(kind))


@KINDS
def test_every_message_has_a_topic_that_leads_back_to_it(kind: type[Message]) -> None:
    message = decode(kind, sample(kind))
    topic = topic_of(message, site="xihu")
    route, said = match(topic, site="xihu")
    assert route is route_of(message)
    assert all(getattr(message, name) == value for name, value in said.items())


def test_no_filter_hears_everything() -> None:
    ours = {route.message for route in ROUTES} - {HouseDiscovery}  # its topic is Home Assistant's
    filters = filters_for(ours, site="xihu", own={})
    assert all("#" not in pattern and pattern.startswith("yingbin/v1/xihu/") for pattern in filters)


def test_a_node_hears_only_its_own_receipts() -> None:
    own = Node("xihu", "north", NodeKind.GATE, "0.1.0").own_names
    assert filters_for([Receipt], site="xihu", own=own) == ["yingbin/v1/xihu/receipt/north"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"confidence": 1.5}, r"confidence"),
        ({"seen_at": "2026-11-23T09:00:00"}, r"seen_at"),
        ({"gate_id": "north/../south"}, r"gate_id"),
        ({"gate_id": "north\n"}, r"gate_id"),
        ({"plate": ""}, r"plate"),
        ({"direction": "sideways"}, r"direction"),
    ],
)
def test_an_arrival_that_does_not_fit_is_refused_by_the_field_s_name(
    change: dict[str, object], problem: str
) -> None:
    body = json.loads(sample(Arrival)) | change
    with pytest.raises(MessageError, match=problem):
        decode(Arrival, json.dumps(body).encode())


@pytest.mark.parametrize("payload", [b"", b"\xff", b"[]", b"{}", b'{"arrival_id": 7}'])
def test_what_is_no_arrival_at_all_is_refused(payload: bytes) -> None:
    with pytest.raises(MessageError, match="Arrival"):
        decode(Arrival, payload)


def test_a_phone_number_without_consent_cannot_be_sent() -> None:
    body = json.loads(sample(CheckIn)) | {"consented_at": None}
    with pytest.raises(MessageError, match="consented_at"):
        decode(CheckIn, json.dumps(body).encode())


def test_moments_keep_their_offset_on_the_wire() -> None:
    arrival = decode(Arrival, sample(Arrival))
    assert json.loads(encode(arrival))["seen_at"] == "2026-11-23T09:02:05+08:00"
