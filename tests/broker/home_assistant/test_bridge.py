"""What Home Assistant is told: nothing before it is switched on, never a whole plate."""

import json
import re
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.home_assistant.bridge import LOOK_EVERY_S, House
from broker.home_assistant.discovery import SILENT_S, discovery
from broker.mqtt_server.accounts import new_account
from shared.codec import encode
from shared.messages import Alert, Direction, HouseDiscovery, MaskedArrival, SiteCounts
from shared.topics import Party, topic_of
from shared.words import read_words
from tests.broker.home_assistant.described import ACCOUNTS, chinese, told
from tests.fakes import SITE, FakeClock, FakeLink
from tests.samples import NATURAL, arrival

DESCRIBED = discovery(SITE, "西湖壹号", ACCOUNTS, {"li": "李敏"}, chinese, ("hall", "cooling"))
BODY: dict[str, Any] = json.loads(encode(DESCRIBED))

# The keys of Home Assistant's MQTT schemas (2024.11 and later): it refuses a description with any
# other key.
DEVICE_KEYS = {
    *("identifiers", "connections", "manufacturer", "model", "name", "hw_version"),
    *("serial_number", "sw_version", "via_device", "suggested_area", "configuration_url"),
}
DESCRIPTION_KEYS = {
    *("device", "origin", "components", "availability", "availability_mode"),
    *("availability_topic", "availability_template", "payload_available"),
    *("payload_not_available", "state_topic", "command_topic", "qos", "encoding"),
}
COMMON_KEYS = {
    *("platform", "unique_id", "name", "state_topic", "value_template", "device_class"),
    *("entity_category", "icon", "json_attributes_topic", "json_attributes_template"),
    *("availability", "object_id", "default_entity_id"),
}
KEYS = {
    "event": COMMON_KEYS | {"event_types"},
    "sensor": COMMON_KEYS | {"state_class", "expire_after", "unit_of_measurement"},
    "binary_sensor": COMMON_KEYS | {"payload_on", "payload_off", "expire_after", "off_delay"},
    "device_automation": {
        *("platform", "automation_type", "type", "subtype", "topic", "payload", "value_template"),
    },
}
CLASSES: dict[str, set[str]] = {"binary_sensor": {"connectivity", "problem"}}


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


@pytest.fixture
def house(hub: Hub, link: FakeLink) -> House:
    return House(hub, link, tuple, lambda _accounts: DESCRIBED)


def test_home_assistant_is_told_of_the_site_at_each_new_connection(
    house: House, link: FakeLink
) -> None:
    kinds = [type(message) for message in told(house, link)]
    assert kinds == [HouseDiscovery, SiteCounts]
    assert told(house, link, LOOK_EVERY_S) == []
    link.connections += 1
    assert [type(message) for message in told(house, link, 2 * LOOK_EVERY_S)] == kinds


def test_an_arrival_is_told_once_with_its_plate_masked(
    hub: Hub, house: House, link: FakeLink
) -> None:
    told(house, link)
    handle(hub, arrival("浙A88888"))
    found = told(house, link, LOOK_EVERY_S)
    assert [message for message in found if isinstance(message, MaskedArrival)] == [
        MaskedArrival(
            gate_id="north", plate="浙A·8**88", seen_at=arrival().seen_at, owner_id="wang"
        )
    ]
    assert told(house, link, 2 * LOOK_EVERY_S) == []


def test_a_car_that_nobody_owns_is_told_and_none_that_leaves(
    hub: Hub, house: House, link: FakeLink
) -> None:
    told(house, link)
    handle(hub, arrival("浙B77777", 1))
    handle(hub, msgspec.structs.replace(arrival("浙A99999", 2), direction=Direction.OUT))
    found = told(house, link, LOOK_EVERY_S)
    owners = {part.plate: part.owner_id for part in found if isinstance(part, MaskedArrival)}
    assert owners == {"浙B·7**77": None}


def test_what_came_before_the_hub_started_or_too_late_is_not_told(
    hub: Hub, link: FakeLink, clock: FakeClock
) -> None:
    handle(hub, arrival("浙A88888", 1))
    house = House(hub, link, tuple, lambda _accounts: DESCRIBED)
    clock.pass_s(600)
    handle(
        hub, msgspec.structs.replace(arrival("浙A99999", 2), sent_at=clock())
    )  # seen ten minutes ago
    assert not any(isinstance(message, MaskedArrival) for message in told(house, link))


def test_waiting_visitors_and_open_alerts_are_counted_and_told_when_they_change(
    hub: Hub, house: House, link: FakeLink, clock: FakeClock
) -> None:
    (first,) = [message for message in told(house, link) if isinstance(message, SiteCounts)]
    assert (first.waiting_visitors, first.open_alerts) == (0, 0)
    for staff_id in ("li", "wang"):
        hub.inbox.db.conn.execute(
            "insert into visits (visit_id, opened_at, check_in_id) values (?, ?, ?)",
            [staff_id, clock().isoformat(), staff_id],
        )
    alert = Alert(
        alert_id="a",
        visit_id="v",
        role="door",
        title="",
        text="",
        speech="",
        raised_at=clock(),
        expires_at=clock() + timedelta(minutes=10),
    )
    hub.raised_alerts.add(alert, "m", is_host_call=False)
    (counts,) = told(house, link, LOOK_EVERY_S)
    assert isinstance(counts, SiteCounts)
    assert (counts.waiting_visitors, counts.open_alerts) == (2, 1)
    clock.pass_s(3600)  # the alert is over by itself
    (later,) = told(house, link, 2 * LOOK_EVERY_S)
    assert isinstance(later, SiteCounts)
    assert later.open_alerts == 0


def test_a_visitor_who_is_received_waits_no_longer(hub: Hub, house: House, link: FakeLink) -> None:
    told(house, link)
    handle(hub, NATURAL)  # a consultant is there and called
    found = told(house, link, LOOK_EVERY_S)
    assert [message.waiting_visitors for message in found if isinstance(message, SiteCounts)] == [0]


def test_an_arrival_behind_one_that_was_erased_is_told(
    hub: Hub, house: House, link: FakeLink
) -> None:
    handle(hub, arrival("浙A88888", 1))
    told(house, link)
    hub.inbox.db.conn.execute("delete from arrivals")
    told(house, link, LOOK_EVERY_S)
    handle(hub, arrival("浙A99999", 2))
    found = told(house, link, 2 * LOOK_EVERY_S)
    assert [message.plate for message in found if isinstance(message, MaskedArrival)] == [
        "浙A·9**99"
    ]


def test_without_a_connection_nothing_is_lost_and_nothing_is_sent(
    hub: Hub, house: House, link: FakeLink
) -> None:
    link.is_up = False
    handle(hub, arrival())
    assert told(house, link) == []
    link.is_up = True
    assert any(isinstance(message, MaskedArrival) for message in told(house, link))


def test_the_description_is_one_that_home_assistant_takes() -> None:
    assert topic_of(DESCRIBED, site=SITE) == f"homeassistant/device/yingbin-{SITE}/config"
    assert BODY.keys() <= DESCRIPTION_KEYS
    assert BODY["device"].keys() <= DEVICE_KEYS
    assert BODY["device"]["identifiers"]
    assert BODY["origin"].keys() <= {"name", "sw_version", "support_url"}
    for component in BODY["components"].values():
        for availability in component.get("availability", ()):
            assert availability.keys() <= {"topic", "value_template"}


@pytest.mark.parametrize("name", BODY["components"])
def test_each_component_has_only_what_its_platform_knows(name: str) -> None:
    component = BODY["components"][name]
    platform = component["platform"]
    assert component.keys() <= KEYS[platform]
    if platform == "device_automation":
        assert component.keys() == KEYS[platform]
        return
    assert component["unique_id"] == f"yingbin-{SITE}-{name}"
    assert component["default_entity_id"] == f"{platform}.{component['object_id']}"
    assert re.fullmatch(r"[a-z0-9_]+", component["object_id"])
    assert component["object_id"].count(SITE) == 1
    assert component.get("device_class") in (None, *CLASSES.get(platform, ()))
    assert component.get("entity_category") in (None, "diagnostic", "config")
    assert None not in component.values()
    if platform == "event":
        assert component["event_types"] in (["arrival"], ["scene"])
        assert f"'event_type': '{component['event_types'][0]}'" in component["value_template"]


def test_every_gate_tablet_and_phone_is_shown_and_no_account_that_is_no_node() -> None:
    shown = {part["state_topic"] for part in BODY["components"].values() if "state_topic" in part}
    root = f"yingbin/v1/{SITE}"
    assert {f"{root}/gate/north/status", f"{root}/staff/li/presence"} <= shown
    assert {f"{root}/hub/status", f"{root}/kiosk/lobby/status"} <= shown
    assert not any("monitor" in topic or "home_assistant" in topic for topic in shown)


def test_each_device_of_the_table_of_duties_is_shown_with_what_it_is_told() -> None:
    hall = BODY["components"]["scene-hall"]
    assert hall["state_topic"] == f"yingbin/v1/{SITE}/scene/hall"
    assert hall["name"] == "场景 hall"
    assert hall["unique_id"] == f"yingbin-{SITE}-scene-hall"
    assert "scene-cooling" in BODY["components"]


def test_what_is_shown_there_is_named_in_the_language_of_the_staff() -> None:
    assert BODY["components"]["open_alerts"]["name"] == "未接提醒"
    english = discovery(
        SITE, "Lake", ACCOUNTS, {"li": "Li Min"}, lambda key: read_words("broker").say(key, "en")
    )
    assert english.device.name == "Yingbin Lake"
    assert {component.name for component in english.components.values() if component.name} == {
        *("Car arrived", "Visitors waiting", "Open alerts", "Hub", "Hub problem", "Gate north"),
        *("Gate north problem", "Tablet lobby", "Tablet lobby problem", "Phone Li Min"),
        "Phone Li Min problem",
    }


def test_presence_is_off_and_never_unknown_when_the_hub_or_the_node_itself_is_gone() -> None:
    for key in ("hub", "gate-north", "kiosk-lobby", "staff-li"):
        there = BODY["components"][key]
        assert there.keys() & {"availability", "expire_after"} == set()
        assert there["off_delay"] == SILENT_S  # frozen, or a last will that failed
        trouble = BODY["components"][f"{key}-problem"]
        assert [each["topic"] for each in trouble["availability"]] == [there["state_topic"]]
    for key in ("arrival", "waiting_visitors", "open_alerts"):
        (told_by,) = BODY["components"][key]["availability"]
        assert told_by["topic"] == f"yingbin/v1/{SITE}/hub/status"


def test_an_automation_may_begin_with_a_car_at_a_gate_or_a_consultants_customer() -> None:
    triggers = {
        key: (part["subtype"], part["type"], part["payload"])
        for key, part in BODY["components"].items()
        if part["platform"] == "device_automation"
    }
    assert triggers == {
        "car-gate-north": ("north", "有车到达", "north"),
        "car-staff-li": ("李敏", "的客户车辆到达", "li"),
    }


def test_two_people_of_one_name_are_two_triggers() -> None:
    two = [new_account(Party.STAFF, each, ("consultant",)) for each in ("li", "li2")]
    told = discovery(SITE, "湖", two, {"li": "李敏", "li2": "李敏"}, chinese)
    assert {part.subtype for part in told.components.values() if part.subtype} == {
        *("李敏 (li)", "李敏 (li2)"),
    }


def test_the_brand_is_said_once_in_the_name_of_the_device() -> None:
    assert discovery(SITE, "迎宾示范案场", [], {}, chinese).device.name == "迎宾示范案场"


def test_a_second_site_has_other_names_in_the_same_home_assistant() -> None:
    other = discovery("lake", "湖", ACCOUNTS, {}, chinese)
    ids = {part.unique_id for part in other.components.values() if part.unique_id}
    assert not ids & {part.unique_id for part in DESCRIBED.components.values()}
    assert msgspec.json.encode(other).find(SITE.encode()) < 0
