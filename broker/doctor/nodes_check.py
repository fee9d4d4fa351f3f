"""Checks of gates, tablets and phones, by what the running hub knows of them."""

from collections.abc import Iterator
from datetime import datetime

from broker.doctor.finding import Finding, hint, unknown, wrong
from broker.doctor.patient import Patient
from broker.doctor.servers import CLOCKS_WRONG_S
from broker.health.site_figures import SOUND_OFF, NodeFigures, NodeName
from shared.disk import SHORT_MB
from shared.messages import NodeKind
from shared.topics import Party

WAITING_MANY = 20
"""So many messages do not wait for a second only: the hub does not answer this node."""
BATTERY_LOW = 0.15
SLOW_MS = 2_000
OF_A_DISK = ("disk_full", "disk_read_only", "disk_failing")
OF_A_CAMERA = "camera_"
_PARTIES = (Party.GATE, Party.KIOSK)


def machines(patient: Patient) -> Iterator[Finding]:
    """The gates and tablets are online, and say nothing bad of themselves."""
    figures = patient.figures
    assert figures
    known = {(node.kind, node.node_id) for node in figures.machines}
    for account in patient.accounts or ():
        if account.party in _PARTIES and (NodeKind(account.party), account.node_id) not in known:
            yield unknown("node_never", name=NodeName(NodeKind(account.party), account.node_id))
    for node in figures.machines:
        yield from _machine(node)


def _machine(node: NodeFigures) -> Iterator[Finding]:
    name = node.named
    if not node.is_online:
        yield wrong("node_silent", name=name, since=_at(node.seen_at))
        return
    if problem := node.problem:
        about = {"name": name, "problem": problem}
        if problem.startswith(OF_A_CAMERA):
            yield wrong("camera_problem", **about)
        elif problem in OF_A_DISK:
            yield wrong("node_disk", **about)
        else:
            yield hint("node_problem", **about)
    if node.clock_off_s is not None:
        tell = wrong if abs(node.clock_off_s) > CLOCKS_WRONG_S else hint
        yield tell("clock_apart", name=name, seconds=f"{node.clock_off_s:+}")
    if node.disk is not None and node.disk.free_mb < SHORT_MB:
        yield hint("node_disk_short", name=name, free_mb=node.disk.free_mb)


def phones(patient: Patient) -> Iterator[Finding]:
    """Whoever is on duty has a phone that is online, rings, and will last."""
    figures = patient.figures
    assert figures
    if not figures.phones:
        yield unknown("no_phones")
    missed = {node.node_id: node for node in figures.phones if node.is_missed}
    for node in missed.values():
        since = _at(node.seen_at)
        if node.is_due:
            yield wrong("phone_silent", name=node.name, since=since)
        else:
            yield hint("phone_away", name=node.name, since=since)
    for node in figures.phones:
        if node.is_online:
            yield from _phone(node)


def _phone(node: NodeFigures) -> Iterator[Finding]:
    if node.problem == SOUND_OFF:
        tell = wrong if node.is_due else hint
        yield tell("phone_sound_off", name=node.name)
    elif node.problem:
        yield hint("phone_problem", name=node.name, problem=node.problem)
    if node.battery is not None and node.battery < BATTERY_LOW:
        yield hint("phone_battery", name=node.name, percent=round(node.battery * 100))
    if node.round_trip_ms is not None and node.round_trip_ms > SLOW_MS:
        yield hint("phone_slow", name=node.name, ms=node.round_trip_ms)
    if node.clock_off_s is not None:
        yield hint("clock_apart_phone", name=node.name, seconds=f"{node.clock_off_s:+}")


def outboxes(patient: Patient) -> Iterator[Finding]:
    """Nobody's messages pile up."""
    figures = patient.figures
    assert figures
    if figures.outbox > WAITING_MANY:
        yield wrong("waiting_hub", count=figures.outbox)
    for node in figures.machines:
        if node.waiting > WAITING_MANY:
            yield wrong("waiting_node", name=node.named, count=node.waiting)
    for phone in figures.phones:
        if phone.waiting > WAITING_MANY:
            yield hint("waiting_phone", name=phone.name, count=phone.waiting)


def versions(patient: Patient) -> Iterator[Finding]:
    """All programs of the site are of one release."""
    figures = patient.figures
    assert figures
    for node in figures.machines:
        if node.is_online and node.version != figures.version:
            own, version = figures.version, node.version or "?"
            yield hint("other_version", name=node.named, version=version, own=own)


def _at(moment: datetime) -> str:
    return f"{moment.astimezone():%m-%d %H:%M}"
