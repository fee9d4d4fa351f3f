"""The unplug rehearsal (拔线演练): each device is unplugged once, and scored. Pure.

A point each: the hub noticed that it was away; it came back by itself; it is whole again.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from broker.health.site_figures import Condition, Figures, NodeFigures, NodeName
from shared.messages import NodeKind

MOST = 3
"""Points of one device."""


class Tried(StrEnum):
    """Where a device stands in the rehearsal."""

    NOT_YET = "not_yet"
    AWAY = "away"
    BACK = "back"
    """It works again, and something is not as it was: see ``problem``, or its messages wait."""
    WHOLE = "whole"


class Rehearsed(Struct, frozen=True, kw_only=True):
    """A device, and what was seen of it since the rehearsal began."""

    named: NodeName
    name: str
    tried: Tried
    away_s: int | None = None
    """How long it was away."""
    waiting: int = 0
    """Messages that it still has to send."""
    problem: str | None = None

    @property
    def points(self) -> int:
        """Of ``MOST``."""
        return (*Tried,).index(self.tried)


def rehearsed(figures: Figures, since: datetime) -> tuple[Rehearsed, ...]:
    """Every device of the site: the hub's machine, gates, tablets, phones at work."""
    return (_hub(figures, since), *_nodes(figures, since))


def score(devices: tuple[Rehearsed, ...]) -> float:
    """The share of all points."""
    return sum(device.points for device in devices) / (MOST * len(devices))


def _hub(figures: Figures, since: datetime) -> Rehearsed:
    """It notices itself that it was away: it started again."""
    started_at = figures.at - timedelta(seconds=figures.up_s)
    is_back = started_at > since
    is_whole = figures.outbox == 0 and figures.round_trip_ms is not None
    back = Tried.WHOLE if is_whole else Tried.BACK
    return Rehearsed(
        named=NodeName(NodeKind.HUB, ""),
        name="",
        tried=back if is_back else Tried.NOT_YET,
        waiting=figures.outbox,
    )


def _nodes(figures: Figures, since: datetime) -> Iterator[Rehearsed]:
    for node in figures.nodes:
        is_awaited = node.kind is not NodeKind.STAFF or node.is_due or node.is_online
        if is_awaited:
            yield _node(node, since)


def _node(node: NodeFigures, since: datetime) -> Rehearsed:
    was_away = node.gone_at is not None and node.back_at is not None and node.back_at > since
    away_s = None
    if was_away and node.gone_at is not None and node.back_at is not None:
        away_s = round((node.back_at - node.gone_at).total_seconds())
    return Rehearsed(
        named=node.named,
        name=node.name,
        tried=_tried(node, was_away=was_away),
        away_s=away_s,
        waiting=node.waiting,
        problem=node.problem,
    )


def _tried(node: NodeFigures, *, was_away: bool) -> Tried:
    if not node.is_online:
        return Tried.AWAY
    if not was_away:
        return Tried.NOT_YET
    is_whole = node.condition is Condition.FINE and node.waiting == 0
    return Tried.WHOLE if is_whole else Tried.BACK
