"""The site's figures as Prometheus reads them: its text format 0.0.4, and nobody's data."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from broker.health.site_figures import Condition, Figures
from shared.messages import DiskFigures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_LEVELS = {Condition.FINE: 0, Condition.HINT: 1, Condition.WRONG: 2, Condition.UNKNOWN: -1}


class Metric(NamedTuple):
    """A gauge and its samples: labels and value; a value that is not known is left out."""

    name: str
    explained: str
    samples: Iterable[tuple[Mapping[str, str], float | None]]


def exposition(figures: Figures, conditions: Mapping[str, Condition]) -> str:
    """Everything that is known, in the text format."""
    return "".join(map(_text, _metrics(figures, conditions)))


def _metrics(figures: Figures, conditions: Mapping[str, Condition]) -> Iterator[Metric]:
    levels = [({"check": name}, _LEVELS[each]) for name, each in conditions.items()]
    yield Metric("check", "0 fine, 1 to be looked at, 2 wrong, -1 not known.", levels)
    yield Metric("info", "The hub's release.", [({"version": figures.version}, 1)])
    yield _one("up_seconds", "Since the hub began.", figures.up_s)
    yield from _of_cameras(figures)
    yield from _of_nodes(figures)
    delay = figures.delay
    shares = [] if delay is None else [("0.5", delay.p50_ms), ("0.95", delay.p95_ms)]
    samples = [({"quantile": share}, ms / 1000) for share, ms in shares]
    yield Metric("alert_delay_seconds", "From the frame to the alert, last hour.", samples)
    measured = 0 if delay is None else delay.count
    yield _one("alert_delay_count", "Cars that were measured, last hour.", measured)
    trip = figures.round_trip_ms
    trip_s = None if trip is None else trip / 1000
    yield _one("mqtt_round_trip_seconds", "Until the MQTT server confirms.", trip_s)
    days = figures.certificate_days
    yield _one("certificate_days", "Until the servers' certificate ends.", days)
    for name, explained, at in (
        ("backup", "Since the newest backup.", figures.backup_at),
        ("file_check", "Since the last check of the whole file.", figures.checked_at),
    ):
        yield _one(f"{name}_age_seconds", explained, _age_s(at, figures))


def _of_cameras(figures: Figures) -> Iterator[Metric]:
    by_gate = [({"gate": camera.gate_id}, camera) for camera in figures.cameras]
    for field, name, explained in (
        ("read", "cars", "Cars that were told, last hour."),
        ("uncertain", "cars_uncertain", "Of these, with an uncertain plate."),
        ("unread", "cars_unread", "Cars that were seen and not read, last hour."),
        ("accepted", "accepted_ratio", "The share that was read for certain, last hour."),
        ("votes", "votes", "Frames that voted for a plate, on average."),
    ):
        samples = [(label, getattr(camera, field)) for label, camera in by_gate]
        yield Metric(f"gate_{name}", explained, samples)


def _of_nodes(figures: Figures) -> Iterator[Metric]:
    labelled = [({"kind": str(node.kind), "node": node.node_id}, node) for node in figures.machines]
    online = [(label, float(node.is_online)) for label, node in labelled]
    yield Metric("node_online", "1: it is online.", online)
    waiting = [(label, node.waiting) for label, node in labelled]
    hub = {"kind": "hub", "node": "hub"}
    yield Metric("outbox", "Messages that wait.", [(hub, figures.outbox), *waiting])
    yield from _of_disks(
        [({"kind": name.kind, "node": name.node_id or "hub"}, disk) for name, disk in figures.disks]
    )
    # Of phones only numbers: whose they are is nobody's business outside.
    phones = figures.phones
    counts = {
        "online": sum(phone.is_online for phone in phones),
        "due": sum(phone.is_due for phone in phones),
        "missed": sum(phone.is_due and not phone.is_online for phone in phones),
    }
    samples = [({"state": state}, float(count)) for state, count in counts.items()]
    yield Metric("phones", "Phones that are online, on duty, and on duty but offline.", samples)
    total = sum(phone.waiting for phone in phones)
    yield _one("phones_outbox", "Messages that wait on all phones together.", total)
    batteries = [each.battery for each in phones if each.is_online and each.battery is not None]
    yield _one("phone_battery_least_ratio", "The emptiest phone.", min(batteries, default=None))
    trips = [each.round_trip_ms for each in phones if each.is_online and each.round_trip_ms]
    slowest = max(trips) / 1000 if trips else None
    yield _one("phone_round_trip_most_seconds", "The slowest phone.", slowest)


def _of_disks(disks: list[tuple[dict[str, str], DiskFigures]]) -> Iterator[Metric]:
    for field, name, explained in (
        ("free_mb", "free_megabytes", "Room that is left."),
        ("total_mb", "total_megabytes", "All its room."),
        ("written_mb_a_day", "written_megabytes_a_day", "What is written to it a day."),
        ("wear", "wear_ratio", "How much of its life is over."),
    ):
        yield Metric(
            f"disk_{name}", explained, [(label, getattr(disk, field)) for label, disk in disks]
        )


def _one(name: str, explained: str, value: float | None) -> Metric:
    return Metric(name, explained, [({}, value)])


def _age_s(at: datetime | None, figures: Figures) -> float | None:
    return None if at is None else (figures.at - at).total_seconds()


def _text(metric: Metric) -> str:
    name = f"yingbin_{metric.name}"
    lines = [f"# HELP {name} {metric.explained}", f"# TYPE {name} gauge"]
    for labels, value in metric.samples:
        if value is not None:
            said = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
            lines.append(f"{name}{{{said}}} {value}" if said else f"{name} {value}")
    return "\n".join(lines) + "\n" if len(lines) > 2 else ""


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
