"""Who may say and hear what, tried out: which topics to try, and what must not have happened. Pure.

Everybody says something on every topic and listens to everything; then each delivery must be one
that the table of topics allows, and each one that it allows must have come. An MQTT server's own
acknowledgement proves nothing: mosquitto acknowledges what its access list drops.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from broker.mqtt_server.accounts import Access, Account, covers, filters
from shared.codec import PROBE
from shared.errors import MessageError
from shared.messages import HouseDiscovery, MaskedArrival, Say, SiteCounts
from shared.topics import ROOT, ROUTES, Party, Route, match, placeholders

NOBODY = "yingbin-probe"
"""A gate, a kiosk, a person and a role that no site has: what is theirs belongs to nobody."""
FOR_OTHER_PROGRAMS = (Say, MaskedArrival, SiteCounts, HouseDiscovery)
"""Read by programs that are not ours: they would show or speak whatever comes."""
SYSTEM_TOPIC = f"$SYS/{NOBODY}"
"""Where only an MQTT server may speak."""
_OWNERS: dict[str, tuple[Party, ...]] = {
    "gate_id": (Party.GATE,),
    "kiosk_id": (Party.KIOSK,),
    "staff_id": (Party.STAFF,),
    "node_id": (Party.GATE, Party.KIOSK, Party.STAFF),
}
"""Whose id a name in a topic may be."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """``listener`` heard something on ``topic``; ``speaker`` is None when it was not of a trial."""

    listener: str
    topic: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """An account can do with a topic what it may not, or cannot do what it may."""

    username: str
    access: str
    topic: str
    is_allowed: bool


def topics_to_try(accounts: Iterable[Account], *, site: str) -> list[str]:
    """Every topic of every row with every name that there is, nobody's, and topics elsewhere."""
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
    """What a curious client asks for: each topic, and every wildcard that would hold it."""
    root = f"{ROOT}/{site}"
    wild = ("#", "+/#", "$SYS/#", f"{root}/#", f"{root}/+/+/+", f"$share/{NOBODY}/{root}/#")
    return [*wild, *topics]


def one_of_each(accounts: Iterable[Account]) -> list[Account]:
    """The first account of every kind and set of roles."""
    kinds: dict[tuple[Party, frozenset[str]], Account] = {}
    for account in accounts:
        kinds.setdefault((account.party, frozenset(account.roles)), account)
    return list(kinds.values())


def sayings(account: Account, topics: Iterable[str], *, site: str, is_live: bool) -> list[str]:
    """On what ``account`` speaks: first where it may not, then where it may.

    On a live site nothing that it may say goes to other people's programs (``is_live``).
    """
    forbidden, allowed = [], []
    for topic in topics:
        if not may(account, Access.WRITE, topic, site=site):
            forbidden.append(topic)
        elif not (is_live and _is_for_other_programs(topic, site)):
            allowed.append(topic)
    return forbidden + allowed


def payload_of(speaker: str) -> bytes:
    """What a trial says: it decodes as no message, and names who says it."""
    return PROBE + speaker.encode()


def speaker_of(payload: bytes) -> str | None:
    """Who says it in a trial; None for everything else."""
    return payload.removeprefix(PROBE).decode() if payload.startswith(PROBE) else None


def breaches(
    accounts: Collection[Account],
    said: Collection[tuple[str, str]],
    heard: Collection[Delivery],
    *,
    site: str,
) -> Iterator[Breach]:
    """What is wrong. ``said`` are (username, topic); a listener without an account is a watcher."""
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
    """Every delivery that must come of ``said``."""
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
    """Whether the table of topics allows it."""
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
