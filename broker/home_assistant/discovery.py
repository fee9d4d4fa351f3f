"""The description that makes the site appear in Home Assistant: a device and its entities.

The keys are Home Assistant's: https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

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
    Scene,
    SiteCounts,
)
from shared.topics import ROUTES, Party

EXPIRE_AFTER_S = 45
"""More than four heartbeats: then a node whose last will failed shows as unavailable."""
NODES = frozenset({Party.HUB, Party.GATE, Party.KIOSK, Party.STAFF})
"""The parties whose presence is shown."""
_STATE = "{{ value_json.state }}"
_PROBLEM = "{{ 'ON' if value_json.problem else 'OFF' }}"
_ARRIVAL = (
    "{{ {'event_type': 'arrival', 'plate': value_json.plate, 'gate': value_json.gate_id,"
    " 'seen_at': value_json.seen_at} | tojson }}"
)
SCENE_EVENT = "scene"
_SCENE = (
    "{{ {'event_type': 'scene', 'name': value_json.name, 'value': value_json.value,"
    " 'scene_id': value_json.scene_id, 'expires_at': value_json.expires_at} | tojson }}"
)


Say = Callable[[str], str]
"""Gives the sentence of a key, in the language of the site's staff."""


def discovery(
    site: str,
    site_name: str,
    accounts: Iterable[Account],
    names: Mapping[str, str],
    say: Say,
    scenes: Iterable[str] = (),
) -> HouseDiscovery:
    """The description of ``site``; ``names``: people's names by staff id; ``scenes``: devices."""
    components = [*_of_the_site(site, say), *(_of_a_scene(site, name, say) for name in scenes)]
    for account in accounts:
        if account.party in NODES:
            components += _of_a_node(site, account, names, say)
    return HouseDiscovery(
        device=HouseDevice(
            identifiers=(f"yingbin-{site}",),
            name=f"{say('page.brand')} {site_name}",
            manufacturer="Yingbin",
            model=say("page.brand"),
            sw_version=VERSION,
        ),
        origin=HouseOrigin(name="Yingbin", sw_version=VERSION),
        components={component.unique_id: component for component in components},
        availability=(
            HouseAvailability(topic=_presence(Party.HUB, site, "hub"), value_template=_STATE),
        ),
        qos=1,
    )


def _of_the_site(site: str, say: Say) -> Iterator[HouseComponent]:
    yield HouseComponent(
        platform="event",
        unique_id=f"yingbin-{site}-arrival",
        name=say("home.arrival"),
        state_topic=_topic(MaskedArrival, site),
        value_template=_ARRIVAL,
        event_types=("arrival",),
        icon="mdi:car",
    )
    for field, icon in (
        ("waiting_visitors", "mdi:account-clock"),
        ("open_alerts", "mdi:bell-alert"),
    ):
        yield HouseComponent(
            platform="sensor",
            unique_id=f"yingbin-{site}-{field}",
            name=say(f"home.{field}"),
            state_topic=_topic(SiteCounts, site),
            value_template=f"{{{{ value_json.{field} }}}}",
            state_class="measurement",
            icon=icon,
        )


def _of_a_scene(site: str, name: str, say: Say) -> HouseComponent:
    """The moment at which the device of this name is told something."""
    return HouseComponent(
        platform="event",
        unique_id=f"yingbin-{site}-scene-{name}",
        name=f"{say('home.scene')} {name}",
        state_topic=_topic(Scene, site).format(name=name),
        value_template=_SCENE,
        event_types=(SCENE_EVENT,),
        icon="mdi:palette",
    )


def _of_a_node(
    site: str, account: Account, names: Mapping[str, str], say: Say
) -> Iterator[HouseComponent]:
    """Whether the node is online, and whether it has a problem, such as a lost camera."""
    party, node_id = account.party, account.node_id
    kind = say(f"home.{party}")
    called = names.get(node_id, node_id) if party is Party.STAFF else node_id
    there = HouseComponent(
        platform="binary_sensor",
        unique_id=f"yingbin-{site}-{party}-{node_id}",
        name=kind if party is Party.HUB else f"{kind} {called}",
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
        name=f"{there.name} {say('home.problem')}",
        state_topic=there.state_topic,
        value_template=_PROBLEM,
        device_class="problem",
        entity_category="diagnostic",
        expire_after=EXPIRE_AFTER_S,
    )


def _topic(kind: type[Message], site: str) -> str:
    return next(route.at(site) for route in ROUTES if route.message is kind)


def _presence(party: Party, site: str, node_id: str) -> str:
    rows = (
        route for route in ROUTES if route.message is NodeStatus and route.only["kind"] == party
    )
    return next(rows).at(site).format(node_id=node_id)
