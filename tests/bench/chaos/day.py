"""Part of a day at a site: cars come and go, visitors answer the tablet, couriers sign in."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from shared.clock import now
from shared.messages import Answer3, CheckIn, Message
from tests.bench.chaos.house import House
from tests.bench.chaos.programs import GATE, TABLET, EdgeProgram
from tests.samples import COURIER, NATURAL, arrival, departure

PLATES = ("浙A88888", "浙A12345", "浙B54321", "浙A00012", "浙C66660")
ANSWERS = tuple(Answer3)
QUIET = 0.35
"""The share of turns in which nobody comes."""


@dataclass(slots=True)
class Day:
    """Who comes, drawn from chance."""

    house: House
    chance: random.Random

    def turn(self) -> None:
        """Some seconds, in which perhaps somebody comes."""
        dice = self.chance.random()
        if dice < QUIET:
            pass
        elif dice < 0.7:
            self._post(self.house.gate, GATE, "a-", self._car)
        elif dice < 0.75:
            self._post(self.house.gate, GATE, "d-", self._leaving)
        elif dice < 0.95:
            self._post(self.house.tablet, TABLET, "c-", self._visitor)
        else:
            self._post(self.house.tablet, TABLET, "s-", self._courier)
        self.house.turn(self.chance.choice((0.5, 2.0, 5.0, 20.0)))

    def _post(
        self, edge: EdgeProgram | None, part: str, kind: str, make: Callable[[int], Message]
    ) -> None:
        """Somebody comes, if the program is there that sees them."""
        if edge is None:
            return

        def post() -> None:
            number = edge.next_number()
            edge.post(make(number), f"{kind}{number}")

        self.house.attempt(part, post)

    def _car(self, number: int) -> Message:
        return arrival(self._plate(), number, seen_at=now())

    def _leaving(self, number: int) -> Message:
        return departure(self._plate(), number, seen_at=now())

    def _visitor(self, number: int) -> CheckIn:
        is_driver = self.chance.random() < 0.5
        return replace(
            NATURAL,
            check_in_id=f"c-{number}",
            seq=number,
            checked_in_at=now(),
            plate=self._plate() if is_driver else None,
            is_first_visit=self.chance.choice(ANSWERS),
            was_contacted=self.chance.choice(ANSWERS),
        )

    def _courier(self, number: int) -> Message:
        return replace(COURIER, service_visit_id=f"s-{number}", seq=number, came_at=now())

    def _plate(self) -> str:
        return self.chance.choice(PLATES)
