"""A trial of who may publish and receive what: the topics to try, and the wrong results.

Every account publishes on every topic and subscribes to everything. Then the table of topics must
allow each delivery, and each delivery that it allows must have come. The MQTT server's
acknowledgements prove nothing: mosquitto acknowledges messages that its access list drops.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from broker.mqtt_server.accounts import Access, Account, covers, filters
from shared.codec import PROBE
from shared.errors import MessageError
from shared.messages import HouseDiscovery, MaskedArrival, Say, Scene, SiteCounts
from shared.topics import ROOT, ROUTES, Party, Route, match, placeholders

NOBODY = "yingbin-probe"
"""The name of a gate, kiosk, person and role that no site has."""
FOR_OTHER_PROGRAMS = (Say, MaskedArrival, SiteCounts, HouseDiscovery, Scene)
"""Messages for programs that are not ours, which would show or speak the trial's messages."""
SYSTEM_TOPIC = f"$SYS/{NOBODY}"
"""A topic on which only the MQTT server itself may publish."""
_OWNERS: dict[str, tuple[Party, ...]] = {
    "gate_id": (Party.GATE,),
    "kiosk_id": (Party.KIOSK,),
    "staff_id": (Party.STAFF,),
    "node_id": (Party.GATE, Party.KIOSK, Party.STAFF),
    "name": (Party.DEVICE,),
}
"""By the name of a placeholder in a topic, the parties whose id it may be."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """``listener`` heard a message on ``topic``; ``speaker`` is None if it was not the trial's."""

    listener: str
    topic: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """An account can use a topic in a way that it may not, or cannot in a way that it may."""

    username: str
    access: str
    topic: str
    is_allowed: bool


def topics_to_try(accounts: Iterable[Account], *, site: str) -> list[str]:
    """Every topic of the table with all known names and an unknown name, and some outside of it."""
    known = list(accounts)
    found = [topic for route in ROUTES for topic in _topics_of(route, known, site)]
    root = f"{ROOT}/{site}"
    return [
        *dict.fromkeys(found),
        root,
        f"{root}/{NOBODY}",
        f"{root}/hub/status/{NOBODY}",
        f"{ROOT}/{NOBODY}/hub/status",
        f"yingbin/{NOBODY}/{site}/hub/status",
        f"homeassistant/device/{NOBODY}/config",
        f"/{root}/hub/status",
        NOBODY,
    ]


def filters_to_try(topics: Iterable[str], *, site: str) -> list[str]:
    """The subscriptions of a curious client: each topic, and wildcards that cover them."""
    root = f"{ROOT}/{site}"
    wild = ("#", "+/#", "$SYS/#", f"{root}/#", f"{root}/+/+/+", f"$share/{NOBODY}/{root}/#")
    return [*wild, *topics]


def will_topic(site: str) -> str:
    """A topic on which no account of the trial may speak, and the hub hears all who do."""
    return f"{ROOT}/{site}/staff/{NOBODY}/ack"


def one_of_each(accounts: Iterable[Account]) -> list[Account]:
    """The first account of each party and set of roles."""
    kinds: dict[tuple[Party, frozenset[str]], Account] = {}
    for account in accounts:
        kinds.setdefault((account.party, frozenset(account.roles)), account)
    return list(kinds.values())


def sayings(account: Account, topics: Iterable[str], *, site: str, is_live: bool) -> list[str]:
    """The topics on which ``account`` publishes: first where it may not, then where it may.

    On a live site (``is_live``) nothing is sent to other people's programs.
    """
    forbidden, allowed = [], []
    for topic in topics:
        if not may(account, Access.WRITE, topic, site=site):
            forbidden.append(topic)
        elif not (is_live and _is_for_other_programs(topic, site)):
            allowed.append(topic)
    return forbidden + allowed


def payload_of(speaker: str) -> bytes:
    """The trial's message of ``speaker``, which does not decode as any of our messages."""
    return PROBE + speaker.encode()


def speaker_of(payload: bytes) -> str | None:
    """Who published this message of the trial; None for all other messages."""
    return payload.removeprefix(PROBE).decode() if payload.startswith(PROBE) else None


def breaches(
    accounts: Collection[Account],
    said: Collection[tuple[str, str]],
    heard: Collection[Delivery],
    *,
    site: str,
) -> Iterator[Breach]:
    """The breaches. ``said``: (username, topic); a listener without an account is a watcher."""
    known = {account.username: account for account in accounts}
    for delivery in heard:
        if delivery.speaker is not None and not may(
            known[delivery.speaker], Access.WRITE, delivery.topic, site=site
        ):
            yield Breach(delivery.speaker, "write", delivery.topic, is_allowed=False)
        listener = known.get(delivery.listener)
        if listener is not None and not may(listener, Access.READ, delivery.topic, site=site):
            yield Breach(delivery.listener, "read", delivery.topic, is_allowed=False)
    passed = {(delivery.speaker, delivery.topic) for delivery in heard}
    for username, topic in said:
        is_allowed = may(known[username], Access.WRITE, topic, site=site)
        if is_allowed and (username, topic) not in passed:
            yield Breach(username, "write", topic, is_allowed=True)
    came = {(delivery.listener, delivery.topic) for delivery in heard}
    for (username, account), topic in product(known.items(), {topic for _, topic in passed}):
        if may(account, Access.READ, topic, site=site) and (username, topic) not in came:
            yield Breach(username, "read", topic, is_allowed=True)


def expected(
    accounts: Collection[Account], said: Collection[tuple[str, str]], *, site: str
) -> set[Delivery]:
    """Every delivery that must follow from ``said``: pairs of username and topic."""
    known = {account.username: account for account in accounts}
    allowed = [
        (speaker, topic)
        for speaker, topic in said
        if may(known[speaker], Access.WRITE, topic, site=site)
    ]
    return {
        Delivery(account.username, topic, speaker)
        for account, (speaker, topic) in product(accounts, allowed)
        if may(account, Access.READ, topic, site=site)
    }


def may(account: Account, access: Access, topic: str, *, site: str) -> bool:
    """Whether the table of topics allows ``account`` this access to ``topic``."""
    return any(covers(allowed, topic) for allowed in filters(account, access, site=site))


def _topics_of(route: Route, accounts: list[Account], site: str) -> Iterator[str]:
    pattern = route.at(site)
    names = placeholders(pattern)
    for values in product(*(_values(name, route, accounts) for name in names)):
        yield pattern.format(**dict(zip(names, values, strict=True)))


def _values(name: str, route: Route, accounts: list[Account]) -> list[str]:
    if name == "role":
        return [*dict.fromkeys(role for account in accounts for role in account.roles), NOBODY]
    owners = (Party(route.only["kind"]),) if "kind" in route.only else _OWNERS.get(name, ())
    return [
        *dict.fromkeys(account.node_id for account in accounts if account.party in owners),
        NOBODY,
    ]


def _is_for_other_programs(topic: str, site: str) -> bool:
    try:
        found = match(topic, site=site)
    except MessageError:
        return False
    return found.route.message in FOR_OTHER_PROGRAMS and NOBODY not in found.said.values()
