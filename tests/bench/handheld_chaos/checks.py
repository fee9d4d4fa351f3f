"""What must hold at every second of a round, and what its journal must tell."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from broker.alerts.life import AlertGroup, Kind
from broker.alerts.what_is_asked import CAR_WORDS
from broker.handlers.context import Hub
from broker.rules.state import MANAGER
from broker.site_file import SitePeople
from shared.messages import Alert, CloseReason, NodeKind
from tests.bench.handheld_chaos.air import Air, Phone
from tests.phone_page import Seen

SILENT_WITHIN_S = 3
"""The rule says one second; the network of a round may take two more."""
ASKED_WITHIN_S = 43
"""The manager is asked after 40 s by the hub's clock."""
KNOWN_DEAD_S = 35


@dataclass(slots=True)
class Watch:
    """Looks at hub and phones each second; ``wrong`` is what did not hold."""

    air: Air
    people: SitePeople
    wrong: list[str] = field(default_factory=list)
    _hub: Hub | None = None
    _over_for: dict[str, int] = field(default_factory=dict)
    _open_for: dict[str, int] = field(default_factory=dict)
    _uncalled_for: dict[str, int] = field(default_factory=dict)
    _dead_for: dict[str, int] = field(default_factory=dict)

    def rang(self, phone: Phone, alert: Alert) -> None:
        """A phone begins to ring: never for what it knows to be over."""
        if alert.alert_id in phone.page.over:
            self._say(f"{phone.page.device_id} rings for {alert.alert_id}, which it knew is over")

    def look(self, hub: Hub) -> None:
        """One second with a hub that works."""
        if hub is not self._hub:
            self._hub = hub
            self._dead_for.clear()
        alert_groups = self._groups(hub)
        self._nothing_over_rings(hub)
        self._one_goes(alert_groups)
        self._somebody_is_asked(hub, alert_groups)
        self._nobody_is_forgotten(hub)

    def _groups(self, hub: Hub) -> list[AlertGroup]:
        rows = hub.inbox.db.conn.execute("select body from alert_groups").fetchall()
        return [msgspec.json.decode(body, type=AlertGroup) for (body,) in rows]

    def _nothing_over_rings(self, hub: Hub) -> None:
        for phone in self.air.phones:
            is_reached = phone.is_connected and self.air.is_up and not phone.is_frozen
            is_back = min(phone.connected_for_s, phone.woken_for_s) > 8
            for alert_id in phone.page.ringing():
                key = f"{phone.page.device_id} {alert_id}"
                raised = hub.raised_alerts.find(alert_id)
                is_over = raised is None or raised.closed is not None
                is_wrong = is_over and is_reached and is_back and hub.outbox.depth() == 0
                self._over_for[key] = self._over_for.get(key, 0) + 1 if is_wrong else 0
                if self._over_for[key] == SILENT_WITHIN_S:
                    self._say(f"{key}: rings though it is over")

    def _one_goes(self, alert_groups: list[AlertGroup]) -> None:
        """At most one person of a group is told «you go», on any of their phones."""
        asked = {alert.alert_id: group.group_id for group in alert_groups for alert in group.asked}
        goes: dict[str, set[str]] = {}
        for phone in self.air.phones:
            for alert_id, item in phone.page.items.items():
                if item.state is Seen.MINE and alert_id in asked:
                    goes.setdefault(asked[alert_id], set()).add(phone.page.staff_id)
        for group_id, who in goes.items():
            if len(who) > 1:
                self._say(f"group {group_id}: {sorted(who)} all go")

    def _somebody_is_asked(self, hub: Hub, alert_groups: list[AlertGroup]) -> None:
        """Escalation reaches a living person or the manager in time; of a car the manager once."""
        for person in self.people.staff:
            own = [phone for phone in self.air.phones if phone.page.staff_id == person.id]
            # The hub knows nobody whom it has not heard since its start: for them the times count.
            is_known = bool(hub.presence.sightings(NodeKind.STAFF, person.id))
            is_there = any(phone.is_connected and not phone.is_frozen for phone in own)
            is_dead = is_known and not is_there
            self._dead_for[person.id] = self._dead_for.get(person.id, 0) + 1 if is_dead else 0
        managed = {group.group_id for group in alert_groups if _asks_a_manager(group)}
        cars = {
            group.subject
            for group in alert_groups
            if group.about in CAR_WORDS and group.group_id in managed
        }
        for group in alert_groups:
            is_told = group.about in CAR_WORDS and group.subject in cars
            is_ladder = group.is_open and group.has_ladder
            if not is_ladder or is_told or group.group_id in managed:
                self._open_for.pop(group.group_id, None)
                continue
            age = self._open_for[group.group_id] = self._open_for.get(group.group_id, 0) + 1
            if age > ASKED_WITHIN_S:
                self._say(f"group {group.group_id}: open for {age} s, no manager asked")
            if age > KNOWN_DEAD_S and self._all_are_dead(group):
                self._say(f"group {group.group_id}: only dead phones were asked")

    def _all_are_dead(self, group: AlertGroup) -> bool:
        people = {
            who.id
            for alert in group.open_alerts
            for who in self.people.staff
            if who.id == alert.staff_id or alert.role in who.roles
        }
        return all(self._dead_for.get(staff_id, 0) > KNOWN_DEAD_S for staff_id in people)

    def _nobody_is_forgotten(self, hub: Hub) -> None:
        """A visitor whose host has not come yet has an open call."""
        for visit in hub.decider.state.visits.values():
            row = hub.visits.find(visit.visit_id)
            is_waiting = visit.host_id is not None and row is not None and row.claimed_by is None
            is_called = any(
                group.kind is Kind.HOST for group in hub.alert_groups.open_of(visit.visit_id)
            )
            if is_waiting and visit.ownership is not None and not is_called:
                self._say(f"visit {visit.visit_id}: nobody is called for it")
            goes = row.claimed_by if row is not None else None
            if goes != visit.claimed_by:
                self._say(f"visit {visit.visit_id}: {goes} goes, the rules say {visit.claimed_by}")
            if goes is not None and visit.host_id not in (None, goes, MANAGER):
                self._say(f"visit {visit.visit_id}: {goes} goes, {visit.host_id} is the host")

    def _say(self, what: str) -> None:
        if what not in self.wrong:
            self.wrong.append(f"second {self.air.tick}: {what}")


def _asks_a_manager(group: AlertGroup) -> bool:
    return any(alert.role == "manager" for alert in group.asked)


def journal_problems(rows: Iterable[tuple[str, str, str]]) -> list[str]:
    """An alert that rings after its end, ends twice, or has two winners in its group."""
    wrong: list[str] = []
    raised: set[str] = set()
    ended: dict[str, dict[str, Any]] = {}
    group_of: dict[str, str] = {}
    for kind, subject, body in rows:
        told = msgspec.json.decode(body)
        if kind == "alert":
            if subject in ended:
                wrong.append(f"alert {subject} rings after its end")
            raised.add(subject)
        elif kind == "alert_closed":
            if subject in ended or subject not in raised:
                wrong.append(f"alert {subject} ends twice, or was never raised")
            ended[subject] = told
        elif kind == "escalated" and told["alert_id"]:
            group_of[told["alert_id"]] = subject
    return [*wrong, *_two_winners(ended, group_of)]


def _two_winners(ended: dict[str, dict[str, Any]], group_of: dict[str, str]) -> list[str]:
    winners: dict[str, set[str]] = {}
    for alert_id, closed in ended.items():
        if closed["reason"] == CloseReason.CLAIMED:
            group_id = group_of.get(alert_id, alert_id)
            winners.setdefault(group_id, set()).add(closed["by_staff_id"])
    return [
        f"group {group_id}: {sorted(who)} won" for group_id, who in winners.items() if len(who) > 1
    ]
