"""A scenario's steps, message by message, played to a running hub."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from broker.journal.steps import STEP
from broker.journal.steps import Step as Taken
from broker.rules.state import MANAGER
from broker.scenarios.output import output_of
from broker.scenarios.scenario_steps import ScenarioStep, time_of
from broker.scenarios.step_commands import booked
from broker.wording.decisions import Teller
from shared.messages import Message
from tests.flow.scenario_site import BOSS, policy_of
from tests.flow.stage import Stage
from tests.flow.step_messages import MESSAGES

Line = dict[str, Any]
NAMES = ("visit", "consultant", "owner", "host")


@dataclass(slots=True)
class Steps(Stage):
    """Turns each step into a message; ``deliver`` brings it to the hub. None: only time passes."""

    deliver: Callable[[Message | None], None]

    def run(self) -> None:
        self._begin()
        for number, step in enumerate(self.scenario.steps, start=1):
            self.number = number
            if step.do is not None:
                moment = time_of(step, self.clock.moment, policy_of(self.scenario))
                assert moment is not None
                self.clock.moment = moment
                self.deliver(MESSAGES[step.do](self, step))
                self._learn(step)

    def told(self) -> list[Line]:
        """Every decision and event of the hub's journal, with the scenario's names."""
        names = {theirs: ours for ours, theirs in self.names.items()} | {BOSS: MANAGER}
        rows = self.hub.inbox.db.conn.execute(
            "select body from journal where kind = ? order by seq", [STEP]
        )
        teller = Teller(self.hub.people.names(), self.hub.decider.policy)
        found = []
        for (body,) in rows:
            for event in msgspec.json.decode(body, type=Taken).events:
                if line := output_of(event, teller):
                    named = {key: line[key] for key in NAMES if key in line}
                    found.append(line | {key: names.get(name, name) for key, name in named.items()})
        return found

    def _learn(self, step: ScenarioStep) -> None:
        if step.do not in ("arrive", "check_in"):
            return
        name = self.new_visit(step)
        visits = self.hub.visits
        found = visits.of_arrival(self.name("a")) or visits.of_check_in(f"c-{name}")
        if found is not None:
            self.names.setdefault(name, found.visit_id)

    def _begin(self) -> None:
        """What stands above the steps; an appointment is carried over as it stands."""
        for number, vip in enumerate(self.scenario.vips):
            self.deliver(self.vip(f"vip-{number}", vip, vip.arrives or vip.at))
        with self.hub.decider.atomic():
            for booking in self.scenario.appointments:
                made_at = self.at - timedelta(days=1)
                self.hub.decider.take(booked(booking, self.at, made_at=made_at))
