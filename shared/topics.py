"""Where each message travels and who may send and hear it: one row a topic. Pure.

The MQTT server's access lists (``broker/mqtt_server/accounts.py``) are made from this table, so
what a program sends and what it is allowed to send cannot drift apart.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from shared.errors import MessageError
from shared.messages import (
    Ack,
    Alert,
    AlertClosed,
    Answer,
    Arrival,
    Assignment,
    Booking,
    CheckIn,
    Correction,
    CorrectionTaken,
    CustomersGiven,
    Departure,
    GatePicture,
    HouseDiscovery,
    LookUp,
    MaskedArrival,
    Message,
    NodeStatus,
    PictureAsked,
    Receipt,
    RecentArrivals,
    Registration,
    Roster,
    Say,
    Scene,
    SceneState,
    ServiceVisit,
    ServiceVisitEnd,
    SiteCounts,
    StaffReport,
)

ROOT = "yingbin/v1"
SITE_ROOT = f"{ROOT}/{{site}}"


class Party(StrEnum):
    """Who has an account at the MQTT server."""

    GATE = "gate"
    KIOSK = "kiosk"
    HUB = "hub"
    STAFF = "staff"
    MONITOR = "monitor"
    """Reads every topic of the site, writes none."""
    HOME_ASSISTANT = "home_assistant"
    """The building's automation: hears presence and counts, never a plate; does what scenes say."""
    DEVICE = "device"
    """Lights, air conditioning, music: does what the scene of its name says."""


@dataclass(frozen=True, slots=True)
class Route:
    """One row: a message type, its topic below the site's root, and the parties.

    Braces in ``pattern`` name fields of the message. ``only`` narrows the row to messages with
    these field values, where a type has several topics; ``staff_role`` narrows the staff to the
    people of one role. ``root`` is the site's, except where other software prescribes the topic.
    """

    message: type[Message]
    pattern: str
    writers: frozenset[Party]
    readers: frozenset[Party]
    is_retained: bool = False
    only: Mapping[str, str] = field(default_factory=dict)
    staff_role: str | None = None
    root: str = SITE_ROOT

    def at(self, site: str) -> str:
        """The pattern as a whole topic of ``site``."""
        return _at(self.root, self.pattern, site)

    def fits(self, message: Message) -> bool:
        """Whether ``message`` travels on this row."""
        for name in placeholders(self.pattern):
            if getattr(message, name) is None:
                return False
        return not self.only or all(
            getattr(message, name) == value for name, value in self.only.items()
        )


def _parties(names: str) -> frozenset[Party]:
    return frozenset(Party(name) for name in names.split())


def _row(message: type[Message], pattern: str, writers: str, readers: str) -> Route:
    return Route(message, pattern, _parties(writers), _parties(readers))


def _presence(kind: str, pattern: str, readers: str = "hub") -> Route:
    parties = (_parties(kind), _parties(readers))
    return Route(NodeStatus, pattern, *parties, is_retained=True, only={"kind": kind})


ROUTES: tuple[Route, ...] = (
    _row(Arrival, "gate/{gate_id}/arrival", "gate", "hub"),
    _row(Departure, "gate/{gate_id}/departure", "gate", "hub"),
    replace(_row(Correction, "gate/{gate_id}/correction", "gate staff", "hub"), staff_role="gate"),
    _row(CorrectionTaken, "gate/{gate_id}/corrected", "hub", "gate"),
    _row(PictureAsked, "gate/{gate_id}/picture_asked", "hub", "gate"),
    _row(GatePicture, "gate/{gate_id}/picture", "gate", "hub"),
    _row(CheckIn, "kiosk/{kiosk_id}/check_in", "kiosk", "hub"),
    _row(Assignment, "kiosk/{kiosk_id}/assignment", "hub", "kiosk"),
    # Not retained: the hub sends it again to each new connection.
    _row(RecentArrivals, "kiosk/recent_arrivals", "hub", "kiosk"),
    _row(ServiceVisit, "kiosk/{kiosk_id}/service_visit", "kiosk", "hub"),
    _row(ServiceVisitEnd, "kiosk/{kiosk_id}/service_visit_end", "kiosk", "hub"),
    replace(_row(Roster, "kiosk/roster", "hub", "kiosk"), is_retained=True),
    _row(Receipt, "receipt/{node_id}", "hub", "gate kiosk staff"),
    _row(Alert, "alert/role/{role}", "hub", "staff"),
    _row(Alert, "alert/staff/{staff_id}", "hub", "staff"),
    _row(AlertClosed, "alert/closed", "hub", "staff"),
    # The gate announces a plate at once, before the hub knows of it.
    replace(
        _row(Say, "say/role/gate", "hub gate", "staff"), only={"role": "gate"}, staff_role="gate"
    ),
    _row(Say, "say/role/{role}", "hub", "staff"),
    _row(Say, "say/staff/{staff_id}", "hub", "staff"),
    _row(Ack, "staff/{staff_id}/ack", "staff", "hub"),
    _row(StaffReport, "staff/{staff_id}/report", "staff", "hub"),
    _row(Registration, "staff/{staff_id}/registration", "staff", "hub"),
    _row(Booking, "staff/{staff_id}/booking", "staff", "hub"),
    replace(
        _row(CustomersGiven, "staff/{staff_id}/customers_given", "staff", "hub"),
        staff_role="manager",
    ),
    _row(LookUp, "staff/{staff_id}/look_up", "staff", "hub"),
    _row(Answer, "staff/{staff_id}/answer", "hub", "staff"),
    _presence("staff", "staff/{node_id}/presence", readers="hub home_assistant"),
    _presence("gate", "gate/{node_id}/status", readers="hub home_assistant"),
    _presence("kiosk", "kiosk/{node_id}/status", readers="hub home_assistant"),
    _presence("hub", "hub/status", readers="gate kiosk staff home_assistant"),
    _row(MaskedArrival, "house/arrival", "hub", "home_assistant"),
    replace(_row(SiteCounts, "house/counts", "hub", "home_assistant"), is_retained=True),
    replace(
        _row(HouseDiscovery, "config", "hub", "home_assistant"),
        is_retained=True,
        root="homeassistant/device/yingbin-{site}",
    ),
    _row(Scene, "scene/{name}", "hub", "device home_assistant"),
    _row(SceneState, "scene/{name}/state", "device home_assistant", "hub"),
)
_ROUTES_OF = {
    kind: tuple(route for route in ROUTES if route.message is kind)
    for kind in {route.message for route in ROUTES}
}


@cache
def placeholders(pattern: str) -> tuple[str, ...]:
    """The names in braces, left to right."""
    return tuple(re.findall(r"{(\w+)}", pattern))


def route_of(message: Message) -> Route:
    """The row that ``message`` travels on.

    Raises:
        LookupError: no row fits; a new message needs its row.
    """
    for route in _ROUTES_OF.get(type(message), ()):
        if route.fits(message):
            return route
    raise LookupError(f"no topic for {message!r}")


def topic_of(message: Message, *, site: str) -> str:
    """The topic ``message`` is published on, e.g. ``yingbin/v1/xihu/gate/north/arrival``."""
    way = route_of(message)
    said = {name: getattr(message, name) for name in placeholders(way.pattern)}
    return _at(way.root, way.pattern, site).format_map(said)


@cache
def _at(root: str, pattern: str, site: str) -> str:
    return f"{root.format(site=site)}/{pattern}"


def filters_for(
    kinds: Iterable[type[Message]],
    *,
    site: str,
    own: Mapping[str, str],
    reader: Party | None = None,
) -> list[str]:
    """The filters that together receive every message of ``kinds``, never ``#``.

    ``own`` fills the names that are the listener's, as in ``{"node_id": "north"}``; the others
    are ``+``. With ``reader`` only what this party may hear.
    """
    wanted = set(kinds)
    rows = (
        route.at(site)
        for route in ROUTES
        if route.message in wanted and (reader is None or reader in route.readers)
    )
    return [re.sub(r"{(\w+)}", lambda name: own.get(name[1], "+"), row) for row in rows]


def sender_of(topic: str) -> str:
    """Who published on ``topic``, e.g. ``kiosk/lobby``: each account has topics of its own.

    Where several accounts may publish, they count as one: ``correction``. Home Assistant speaks for
    the devices.
    """
    levels = topic.split("/")
    own = "/".join(levels[_ROOT_LEVELS : _ROOT_LEVELS + 2])
    return levels[-1] if levels[-1] in _OF_SEVERAL else own


_ROOT_LEVELS = SITE_ROOT.count("/") + 1
_OF_SEVERAL = frozenset(
    route.pattern.rpartition("/")[2]
    for route in ROUTES
    if len(route.writers - {Party.HOME_ASSISTANT}) > 1 and Party.HUB in route.readers
)


class Found(NamedTuple):
    """A topic's row, and the values of its placeholders."""

    route: Route
    said: dict[str, str]


def match(topic: str, *, site: str) -> Found:
    """The row of ``topic`` and the values of its placeholders.

    Raises:
        MessageError: no row has such a topic.
    """
    for route, matcher in _matchers(site):
        if found := matcher.fullmatch(topic):
            return Found(route, found.groupdict())
    raise MessageError("error.topic", topic=topic)


@cache
def _matchers(site: str) -> tuple[tuple[Route, re.Pattern[str]], ...]:
    return tuple((route, _matcher(route.at(site))) for route in ROUTES)


def _matcher(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", pattern))
