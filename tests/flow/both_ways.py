"""Takes a scenario through a running hub, and reads in its journal what was decided."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from broker.journal.steps import STEP
from broker.journal.steps import Step as Taken
from broker.rules.state import MANAGER
from broker.scenarios.output import output_of
from broker.scenarios.scenario_steps import time_of
from broker.wording.decisions import Teller
from shared.messages import Message
from tests.flow.scenario_messages import Scene, message_of, messages_before
from tests.flow.scenario_site import BOSS, policy_of

Line = dict[str, Any]


@dataclass(slots=True)
class Steps:
    """Turns each step into a message; ``deliver`` brings it to the hub. None: only time passes."""

    scene: Scene
    deliver: Callable[[Message | None], None]

    def run(self) -> None:
        scene = self.scene
        for message in messages_before(scene):
            self.deliver(message)
        for number, step in enumerate(scene.scenario.steps, start=1):
            scene.number = number
            if step.do is not None:
                moment = time_of(step, scene.at, policy_of(scene.scenario))
                assert moment is not None
                scene.clock.moment = moment
                self.deliver(message_of(scene, step))
                scene.learn(step)

    def told(self) -> list[Line]:
        """Every decision and event of the hub's journal, with the scenario's names."""
        hub, names = self.scene.hub, {theirs: ours for ours, theirs in self.scene.visits.items()}
        names[BOSS] = MANAGER
        rows = hub.inbox.db.conn.execute(
            "select body from journal where kind = ? order by seq", [STEP]
        )
        teller = Teller(hub.people.names(), hub.decider.policy)
        events = (
            event for (body,) in rows for event in msgspec.json.decode(body, type=Taken).events
        )
        return [
            line | {key: names.get(line[key], line[key]) for key in _NAMES if key in line}
            for line in (output_of(event, teller) for event in events)
            if line
        ]


_NAMES = ("visit", "consultant", "owner", "host")
