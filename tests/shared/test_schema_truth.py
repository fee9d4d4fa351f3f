"""What fits a message's schema the hub takes, and what the hub has made of a message fits it."""

from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from shared.codec import decode, encode, read_delivery
from shared.errors import MessageError
from shared.messages import Alert, CheckIn, Message
from shared.schema.__main__ import message_types, schema_of
from shared.topics import topic_of
from tests.schema_strategies import fitting

KINDS = pytest.mark.parametrize("kind", message_types(), ids=lambda kind: kind.__name__)
DRAWN = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@KINDS
def test_what_fits_the_schema_is_taken_and_fits_it_afterwards(kind: type[Message]) -> None:
    schema = schema_of(kind)
    fits = jsonschema.Draft202012Validator(schema).is_valid

    @DRAWN
    @given(fitting(schema).filter(fits))
    def taken(body: dict[str, Any]) -> None:
        message = decode(kind, msgspec.json.encode(body))
        again = msgspec.json.decode(encode(message))
        assert fits(again), list(jsonschema.Draft202012Validator(schema).iter_errors(again))
        assert (
            read_delivery(topic_of(message, site="xihu"), encode(message), site="xihu") == message
        )

    taken()


MOMENT = "2026-11-23T09:02:05+08:00"
CHECK_IN = {"check_in_id": "c-1", "kiosk_id": "hall", "seq": 1, "checked_in_at": MOMENT}
ALERT = {
    "alert_id": "a-1",
    "visit_id": "v-1",
    "title": "",
    "text": "",
    "speech": "",
    "raised_at": MOMENT,
    "expires_at": MOMENT,
}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (CheckIn, CHECK_IN | {"phone": "13800138000"}),
        (CheckIn, CHECK_IN | {"family_phone": "13800138000", "consented_at": None}),
        (CheckIn, CHECK_IN | {"phone": "+861380013800", "consented_at": MOMENT}),
        (CheckIn, CHECK_IN | {"phone": "12345", "consented_at": MOMENT}),
        (CheckIn, CHECK_IN | {"plate": " · "}),
        (CheckIn, CHECK_IN | {"plate": "浙" * 17}),
        *((CheckIn, CHECK_IN | {"checked_in_at": moment}) for moment in (
            "2026-02-29T09:00:00Z", "2100-02-29T09:00:00Z", "2026-11-23T09:00:60Z",
            "2026-11-23T24:00:00Z", "1999-11-23T09:00:00Z", "2026-11-23T09:00:00",
            "2026-11-31T09:00:00Z", "2026-11-23T09:00:00+24:00", "2200-01-01T00:00:00Z",
        )),
        (CheckIn, CHECK_IN | {"seq": 2**53}),
        (CheckIn, CHECK_IN | {"check_in_id": "c-1\n"}),
        (Alert, ALERT),
        (Alert, ALERT | {"role": "gate", "staff_id": "li"}),
        (Alert, ALERT | {"role": None, "staff_id": None}),
    ],
)  # fmt: skip
def test_what_the_hub_refuses_does_not_fit_the_schema(
    kind: type[Message], body: dict[str, Any]
) -> None:
    assert not jsonschema.Draft202012Validator(schema_of(kind)).is_valid(body)
    topic = {CheckIn: "kiosk/hall/check_in", Alert: "alert/role/gate"}[kind]
    with pytest.raises(MessageError):
        read_delivery(f"yingbin/v1/xihu/{topic}", msgspec.json.encode(body), site="xihu")


@pytest.mark.parametrize(
    "body", [ALERT | {"role": "gate"}, ALERT | {"staff_id": "li", "role": None}]
)
def test_an_alert_with_one_address_fits(body: dict[str, Any]) -> None:
    jsonschema.validate(body, schema_of(Alert))
    decode(Alert, msgspec.json.encode(body))
