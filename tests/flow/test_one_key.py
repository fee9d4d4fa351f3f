"""A plate or a phone is one key, whatever way it comes in and however it is written there."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.local.questions import OwnCorrection, PersonRequest, Purpose
from broker.scenarios.scenario_file import read_scenario
from broker.scenarios.scenario_steps import ScenarioStep
from broker.site_file import SitePeople
from kiosk.answers import Answers, Page, read_page
from kiosk.questions import Step
from shared.codec import read_delivery, to_json
from shared.config import read_config
from shared.messages import Arrival, Booking, CheckIn, Correction, Departure, LookUp, Registration
from tests.fakes import NINE, SITE
from tests.hub_answers import alerts, answers
from tests.spellings import phone_spellings, plate_spellings

AT = NINE.isoformat()
TIMES = {"checked_in_at": AT, "registered_at": AT, "asked_at": AT, "consented_at": AT}
GATE = {"gate_id": "north", "seq": 1, "seen_at": AT, "sent_at": AT, "confidence": 1.0}
READ = {"raw_plate": "x", "kind": "small", "colour": "blue", "province_confidence": 1.0}
BOOKING = {"booking_id": "b-1", "kind": "vip", "booked_at": AT, "starts_at": AT}


def by_mqtt(topic: str, **fields: Any) -> Any:
    payload = json.dumps(TIMES | fields).encode()
    return read_delivery(f"yingbin/v1/{SITE}/{topic}", payload, site=SITE)


def arrival(plate: str) -> str:
    said = GATE | READ | {"arrival_id": "a-1", "characters": [], "candidates": [plate]}
    message = by_mqtt("gate/north/arrival", plate=plate, **said)
    assert isinstance(message, Arrival)
    assert message.candidates == (message.plate,)
    return message.plate


def departure(plate: str) -> str:
    message = by_mqtt("gate/north/departure", plate=plate, departure_id="d-1", **GATE)
    assert isinstance(message, Departure)
    return message.plate


def correction(plate: str) -> str:
    by = {"correction_id": "x", "arrival_id": "a-1", "corrected_by": "wu", "corrected_at": AT}
    message = by_mqtt("gate/north/correction", gate_id="north", plate=plate, **by)
    assert isinstance(message, Correction)
    return message.plate


def check_in(**key: str) -> CheckIn:
    message = by_mqtt("kiosk/lobby/check_in", check_in_id="c-1", kiosk_id="lobby", seq=1, **key)
    assert isinstance(message, CheckIn)
    return message


def registration(**key: Any) -> Registration:
    message = by_mqtt("staff/li/registration", registration_id="r-1", staff_id="li", **key)
    assert isinstance(message, Registration)
    return message


def look_up(**key: str) -> LookUp:
    message = by_mqtt("staff/li/look_up", look_up_id="l-1", staff_id="li", **key)
    assert isinstance(message, LookUp)
    return message


def booking(**key: Any) -> Booking:
    message = by_mqtt("staff/li/booking", staff_id="li", **BOOKING, **key)
    assert isinstance(message, Booking)
    return message


def typed(step: Step, **form: str) -> Answers:
    return read_page(Answers("zh-CN"), step, Page(form, NINE))


def in_scenario(**key: str) -> ScenarioStep:
    words = json.dumps({"at": "2026-11-23 09:00", "do": "check_in", **key}, ensure_ascii=False)
    text = "consultants: [{id: li, name: x}]\nsteps:\n  - " + words
    return read_scenario(text + "\n", "day.yaml").steps[0]


def on_own_page(**key: str) -> OwnCorrection:
    return OwnCorrection(correction_id="x", check_in_id="c-1", corrected_at=NINE, **key)


def at_command_line(**key: str) -> PersonRequest:
    return PersonRequest(request_id="x", purpose=Purpose.FIND, asked_at=NINE, **key)


PLATES: dict[str, Callable[[str], str | None]] = {
    "gate's arrival": arrival,
    "gate's departure": departure,
    "guard's correction": correction,
    "check-in": lambda text: check_in(plate=text).plate,
    "registration": lambda text: registration(plates=[text]).plates[0],
    "look-up": lambda text: look_up(plate=text).plate,
    "booking": lambda text: booking(plates=[text]).plates[0],
    "tablet": lambda text: typed(Step.PLATE, plate=text).plate,
    "scenario": lambda text: in_scenario(plate=text).plate,
    "own page": lambda text: on_own_page(plate=text).plate,
    "command line": lambda text: at_command_line(plate=text).plate,
}
PHONES: dict[str, Callable[[str], str | None]] = {
    "check-in": lambda text: check_in(phone=text).phone,
    "registration": lambda text: registration(phone=text).phone,
    "look-up": lambda text: look_up(phone=text).phone,
    "booking": lambda text: booking(phone=text).phone,
    "tablet": lambda text: typed(Step.DETAILS, phone=text).details.phone,
    "scenario": lambda text: in_scenario(phone=text).phone,
    "own page": lambda text: on_own_page(phone=text).phone,
    "command line": lambda text: at_command_line(phone=text).phone,
}


@pytest.mark.parametrize("way", PLATES)
@settings(max_examples=30)
@given(plate=st.sampled_from(["浙A88888", "粤B0D112", "沪AD12345"]), data=st.data())
def test_every_spelling_of_a_plate_is_one_key(way: str, plate: str, data: st.DataObject) -> None:
    assert PLATES[way](data.draw(plate_spellings(plate))) == plate


@pytest.mark.parametrize("way", PHONES)
@settings(max_examples=30)
@given(phone=st.sampled_from(["13800138000", "16505550000"]), data=st.data())
def test_every_spelling_of_a_phone_is_one_key(way: str, phone: str, data: st.DataObject) -> None:
    assert PHONES[way](data.draw(phone_spellings(phone))) == phone


@pytest.mark.parametrize("way", PHONES)
@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("+1 (650) 555-0000", "+16505550000"),
        ("+852 9123 4567", "+85291234567"),
        ("+853 6612 3456", "+85366123456"),
        ("0571-8888 8888", "+8657188888888"),
    ],
)
def test_other_numbers_come_in_by_every_way(way: str, written: str, stored: str) -> None:
    assert PHONES[way](written) == stored


@given(plate=plate_spellings("浙A88888"), phone=phone_spellings("13800138000"))
def test_the_site_s_file_knows_its_customers_by_the_same_keys(plate: str, phone: str) -> None:
    known = {"consultant": "li", "phone": phone, "plates": [plate]}
    quoted = {name: json.dumps(value) for name, value in known.items()}
    lines = "".join(f"{name} = {value}\n" for name, value in quoted.items())
    text = (
        'order = ["li"]\n[[staff]]\nid = "li"\nname = "x"\nroles = ["consultant"]\npin = "1"\n'
        f"[[registered]]\nat = 2026-11-10T10:00:00+08:00\n{lines}"
    )
    with TemporaryDirectory() as folder:
        path = Path(folder, "site.toml")
        path.write_text(text, encoding="utf-8")
        (customer,) = read_config(SitePeople, path).registered
    assert (customer.phone, customer.plates) == ("13800138000", ("浙A88888",))


def test_a_plate_written_otherwise_finds_its_owner_and_is_spoken_right(hub: Hub) -> None:
    said = GATE | READ | {"arrival_id": "a-1", "characters": []}
    told = alerts(answers(hub, by_mqtt("gate/north/arrival", plate="浙a·\u200b８8888", **said)))
    assert told["wang"].plate == "浙A88888"
    assert "浙A，五个八" in told["wang"].speech


def test_nothing_that_turns_a_line_around_reaches_a_sentence(hub: Hub) -> None:
    handle(hub, check_in(surname="张\u202e\n\0三", salutation="先生"))
    said = [to_json(row.message).decode() for row in hub.outbox.waiting(100)]
    assert any("张 三先生" in text for text in said)
    assert not [text for text in said if re.search(r"\u202e|\\[nu]", text)]
