"""A scenario's steps, message by message, played to a running hub."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from broker.journal.steps import STEP
from broker.journal.steps import Step as Taken
from broker.rules.facts import Registration
from broker.scenarios.output import output_of
from broker.scenarios.scenario_steps import ScenarioStep, time_of
from broker.scenarios.step_commands import booked
from broker.wording.decisions import Teller
from shared.messages import Message
from tests.flow.scenario_site import policy_of
from tests.flow.step_messages import MESSAGES, Stage

Line = dict[str, Any]


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
        names = {theirs: ours for ours, theirs in self.names.items()}
        rows = self.hub.inbox.db.conn.execute(
            "select body from journal where kind = ? order by seq", [STEP]
        )
        teller = Teller(self.hub.people.names(), self.hub.decider.policy)
        found = []
        for (body,) in rows:
            for event in msgspec.json.decode(body, type=Taken).events:
                if line := output_of(event, teller):
                    found.append(line | {"visit": names.get(line["visit"], line["visit"])})
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
            for number, known in enumerate(self.scenario.registered, start=1):
                if not known.received:  # a site file knows only customers who were received
                    self.hub.register.add(
                        Registration(
                            registration_id=f"before-{number}",
                            consultant_id=known.consultant,
                            registered_at=known.at,
                            received_at=known.at,
                            phone=known.phone,
                            plates=known.plates,
                            surname=known.surname,
                            is_unreceived=True,
                        )
                    )
            for booking in self.scenario.appointments:
                made_at = self.at - timedelta(days=1)
                self.hub.decider.take(booked(booking, self.at, made_at=made_at))
