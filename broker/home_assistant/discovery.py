"""How the site appears in Home Assistant by itself: one device and what it shows. Pure.

The words are its own: https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload
"""

from collections.abc import Iterable, Iterator, Mapping

from broker.mqtt_server.accounts import Account
from shared import VERSION
from shared.messages import (
    HouseAvailability,
    HouseComponent,
    HouseDevice,
    HouseDiscovery,
    HouseOrigin,
    MaskedArrival,
    Message,
    NodeStatus,
    SiteCounts,
)
from shared.topics import ROUTES, Party

EXPIRE_AFTER_S = 45
"""More than four heartbeats: a node whose last will failed shows as not available."""
NODES = {Party.HUB: "中枢", Party.GATE: "道闸", Party.KIOSK: "迎宾平板", Party.STAFF: "手机"}
"""Whose presence is shown, and how it is called there."""
_STATE = "{{ value_json.state }}"
_PROBLEM = "{{ 'ON' if value_json.problem else 'OFF' }}"
_ARRIVAL = (
    "{{ {'event_type': 'arrival', 'plate': value_json.plate, 'gate': value_json.gate_id,"
    " 'seen_at': value_json.seen_at} | tojson }}"
)


def discovery(
    site: str, site_name: str, accounts: Iterable[Account], names: Mapping[str, str]
) -> HouseDiscovery:
    """What makes ``site`` appear; ``names`` are people's by id."""
    components = [*_of_the_site(site)]
    for account in accounts:
        if account.party in NODES:
            components += _of_a_node(site, account, names)
    return HouseDiscovery(
        device=HouseDevice(
            identifiers=(f"yingbin-{site}",),
            name=f"迎宾 {site_name}",
            manufacturer="Yingbin",
            model="迎宾",
            sw_version=VERSION,
        ),
        origin=HouseOrigin(name="Yingbin", sw_version=VERSION),
        components={one.unique_id: one for one in components},
        availability=(
            HouseAvailability(topic=_presence(Party.HUB, site, "hub"), value_template=_STATE),
        ),
        qos=1,
    )


def _of_the_site(site: str) -> Iterator[HouseComponent]:
    yield HouseComponent(
        platform="event",
        unique_id=f"yingbin-{site}-arrival",
        name="车辆到访",
        state_topic=_topic(MaskedArrival, site),
        value_template=_ARRIVAL,
        event_types=("arrival",),
        icon="mdi:car",
    )
    for field, name, icon in (
        ("waiting_visitors", "等待接待", "mdi:account-clock"),
        ("open_alerts", "未接提醒", "mdi:bell-alert"),
    ):
        yield HouseComponent(
            platform="sensor",
            unique_id=f"yingbin-{site}-{field}",
            name=name,
            state_topic=_topic(SiteCounts, site),
            value_template=f"{{{{ value_json.{field} }}}}",
            state_class="measurement",
            icon=icon,
        )


def _of_a_node(site: str, account: Account, names: Mapping[str, str]) -> Iterator[HouseComponent]:
    """Whether it is there, and whether it has a trouble such as a camera that is lost."""
    party, node_id = account.party, account.node_id
    called = names.get(node_id, node_id) if party is Party.STAFF else node_id
    there = HouseComponent(
        platform="binary_sensor",
        unique_id=f"yingbin-{site}-{party}-{node_id}",
        name=NODES[party] if party is Party.HUB else f"{NODES[party]} {called}",
        state_topic=_presence(party, site, node_id),
        value_template=_STATE,
        payload_on="online",
        payload_off="offline",
        device_class="connectivity",
        entity_category="diagnostic",
        expire_after=EXPIRE_AFTER_S,
    )
    yield there
    yield HouseComponent(
        platform="binary_sensor",
        unique_id=f"{there.unique_id}-problem",
        name=f"{there.name} 故障",
        state_topic=there.state_topic,
        value_template=_PROBLEM,
        device_class="problem",
        entity_category="diagnostic",
        expire_after=EXPIRE_AFTER_S,
    )


def _topic(kind: type[Message], site: str) -> str:
    return next(route.at(site) for route in ROUTES if route.message is kind)


def _presence(party: Party, site: str, node_id: str) -> str:
    rows = (one for one in ROUTES if one.message is NodeStatus and one.only["kind"] == party)
    return next(rows).at(site).format(node_id=node_id)
