"""The description that makes the site appear in Home Assistant: a device and its entities.

The keys are Home Assistant's: https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload
(2024.11 and later).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec.structs import replace

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

SILENT_S = 45
"""More than four heartbeats: then a node whose last will failed shows as gone."""
NODES = frozenset({Party.HUB, Party.GATE, Party.KIOSK, Party.STAFF})
"""The parties whose presence is shown."""
_STATE = "{{ value_json.state }}"
_PROBLEM = "{{ 'ON' if value_json.problem else 'OFF' }}"
_ARRIVAL = (
    "{{ {'event_type': 'arrival', 'plate': value_json.plate, 'gate': value_json.gate_id,"
    " 'owner': value_json.owner_id | default(''), 'seen_at': value_json.seen_at} | tojson }}"
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
    components = dict(_of_the_site(site, say))
    components |= {f"scene-{name}": _of_a_scene(site, name, say) for name in scenes}
    for account in accounts:
        if account.party in NODES:
            components |= _of_a_node(site, account, names, say)
        components |= _triggers(site, account, names, say)
    brand = say("page.brand")
    return HouseDiscovery(
        device=HouseDevice(
            identifiers=(f"yingbin-{site}",),
            name=site_name if site_name.startswith(brand) else f"{brand} {site_name}",
            manufacturer="Yingbin",
            model=brand,
            sw_version=VERSION,
        ),
        origin=HouseOrigin(name="Yingbin", sw_version=VERSION),
        components={key: _known_as(site, key, each) for key, each in components.items()},
        qos=1,
    )


def gone(platform: str) -> HouseComponent:
    """What takes a component away: nothing but where it was."""
    return HouseComponent(platform=platform)


def of_leavers(people: Iterable[str]) -> dict[str, HouseComponent]:
    """What takes everything away of people who work there no more."""
    return {
        key: gone(platform)
        for person in people
        for key, platform in (
            (f"staff-{person}", "binary_sensor"),
            (f"staff-{person}-problem", "binary_sensor"),
            (f"car-staff-{person}", "device_automation"),
        )
    }


def _known_as(site: str, key: str, component: HouseComponent) -> HouseComponent:
    """The component with ids that no other site has and that stay when names change."""
    if component.automation_type is not None:
        return component
    object_id = f"yingbin-{site}-{key}".replace("-", "_").lower()
    return replace(
        component,
        unique_id=f"yingbin-{site}-{key}",
        object_id=object_id,
        default_entity_id=f"{component.platform}.{object_id}",
    )


def _of_the_site(site: str, say: Say) -> Iterator[tuple[str, HouseComponent]]:
    """What only the hub tells: without it nobody knows."""
    told_by_hub = (_while_online(_presence(Party.HUB, site, "hub")),)
    yield (
        "arrival",
        HouseComponent(
            platform="event",
            name=say("home.arrival"),
            state_topic=_topic(MaskedArrival, site),
            value_template=_ARRIVAL,
            availability=told_by_hub,
            event_types=("arrival",),
            icon="mdi:car",
        ),
    )
    for field, icon in (
        ("waiting_visitors", "mdi:account-clock"),
        ("open_alerts", "mdi:bell-alert"),
    ):
        yield (
            field,
            HouseComponent(
                platform="sensor",
                name=say(f"home.{field}"),
                state_topic=_topic(SiteCounts, site),
                value_template=f"{{{{ value_json.{field} }}}}",
                availability=told_by_hub,
                state_class="measurement",
                icon=icon,
            ),
        )


def _of_a_scene(site: str, name: str, say: Say) -> HouseComponent:
    """The moment at which the device of this name is told something."""
    return HouseComponent(
        platform="event",
        name=f"{say('home.scene')} {name}",
        state_topic=_topic(Scene, site).format(name=name),
        value_template=_SCENE,
        event_types=(SCENE_EVENT,),
        icon="mdi:palette",
    )


def _of_a_node(
    site: str, account: Account, names: Mapping[str, str], say: Say
) -> dict[str, HouseComponent]:
    """Whether the node is online, and whether it has a problem, such as a lost camera.

    Presence is «off», never unknown: when the node says so, its last will does, or nothing comes
    any more. What is wrong with a node that is gone, however, nobody knows.
    """
    party, node_id = account.party, account.node_id
    kind = say(f"home.{party}")
    name = kind if party is Party.HUB else f"{kind} {_called(account, names)}"
    key = party if party is Party.HUB else f"{party}-{node_id}"
    told = _presence(party, site, node_id)
    there = HouseComponent(
        platform="binary_sensor",
        name=name,
        state_topic=told,
        value_template=_STATE,
        payload_on="online",
        payload_off="offline",
        device_class="connectivity",
        entity_category="diagnostic",
        off_delay=SILENT_S,
    )
    trouble = HouseComponent(
        platform="binary_sensor",
        name=f"{name} {say('home.problem')}",
        state_topic=told,
        value_template=_PROBLEM,
        availability=(_while_online(told),),
        device_class="problem",
        entity_category="diagnostic",
        expire_after=SILENT_S,
    )
    return {str(key): there, f"{key}-problem": trouble}


def _triggers(
    site: str, account: Account, names: Mapping[str, str], say: Say
) -> dict[str, HouseComponent]:
    """What an automation of the device may begin with: a car at a gate, a consultant's customer."""
    if account.party is Party.GATE:
        field, kind = "gate_id", "home.at_gate"
    elif account.party is Party.STAFF and "consultant" in account.roles:
        field, kind = "owner_id", "home.of_customer"
    else:
        return {}
    trigger = HouseComponent(
        platform="device_automation",
        automation_type="trigger",
        type=say(kind),
        subtype=_called(account, names),
        topic=_topic(MaskedArrival, site),
        value_template=f"{{{{ value_json.{field} | default('') }}}}",
        payload=account.node_id,
    )
    return {f"car-{account.party}-{account.node_id}": trigger}


def _called(account: Account, names: Mapping[str, str]) -> str:
    """A person's name, with the id where two have the same: a trigger is known by it."""
    own = names.get(account.node_id) if account.party is Party.STAFF else None
    if own is None:
        return account.node_id
    is_shared = sum(name == own for name in names.values()) > 1
    return f"{own} ({account.node_id})" if is_shared else own


def _while_online(topic: str) -> HouseAvailability:
    return HouseAvailability(topic=topic, value_template=_STATE)


def _topic(kind: type[Message], site: str) -> str:
    return next(route.at(site) for route in ROUTES if route.message is kind)


def _presence(party: Party, site: str, node_id: str) -> str:
    rows = (
        route for route in ROUTES if route.message is NodeStatus and route.only["kind"] == party
    )
    return next(rows).at(site).format(node_id=node_id)
