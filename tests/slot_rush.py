"""Twenty people ask for the house alone at one time, and the hub dies among their requests."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from broker.rules.exclusive import overlap
from broker.rules.state import Expected
from broker.site_file import Staff
from shared.messages import Booking, BookingKind, Message, Receipt
from tests.clocked_hub import ClockedHub
from tests.fakes import NINE
from tests.hub_fixtures import PEOPLE

CLIENTS = 20
TWO = NINE.replace(hour=14, minute=0)
LASTS = timedelta(hours=1)
REFUSED = "不予受理"


class PowerCutError(BaseException):
    """The hub's program ends here, whatever it was doing."""


class SlotRush:
    """One slot and twenty requests for it; ``seed`` says when the hub dies, and who asks again."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.askers = tuple(f"m{number}" for number in range(CLIENTS))
        managers = tuple(
            Staff(id=who, name=who, roles=("manager",), pin="1111") for who in self.askers
        )
        people = replace(PEOPLE, staff=(*PEOPLE.staff, *managers))
        self.site = ClockedHub(folder, people=people)
        self.asked = {who: self._request(who) for who in self.askers}
        self.kills = 0

    def _request(self, who: str) -> Booking:
        """Not all for the same minutes, but each in the way of all others."""
        starts_at = TWO + timedelta(minutes=self.chance.choice((-20, 0, 0, 0, 15, 25)))
        return Booking(
            booking_id=f"b-{who}",
            staff_id=who,
            kind=BookingKind.VIP,
            booked_at=NINE,
            starts_at=starts_at,
            ends_at=starts_at + LASTS,
            name=f"贵宾{who}",
            phone=f"1390000{self.askers.index(who):04}",
            is_exclusive=True,
        )

    def run(self) -> None:
        """All ask at once; who has no receipt, and now and then who has one, asks again."""
        open_: set[str] = set(self.askers)
        deaths = self.chance.randint(1, 3)
        while open_:
            asking = [*open_, *self.chance.sample(self.askers, 2)]
            self.chance.shuffle(asking)
            if deaths:
                deaths -= 1
                told = self._until_the_power_is_cut([self.asked[who] for who in asking])
            else:
                told = self.site.take(*(self.asked[who] for who in asking))
            stored = {name for each in told if isinstance(each, Receipt) for name in each.ids}
            open_ -= {who for who in open_ if f"b-{who}" in stored}
        self.site.pass_s(1.0)

    def _until_the_power_is_cut(self, messages: list[Booking]) -> list[Message]:
        """The hub dies in the middle of what it does, and starts again from its file."""
        left, before = self.chance.randint(1, len(messages)), len(self.site.told)
        decider = self.site.hub.decider
        take, site = decider.take, self.site

        def dying(command: object) -> object:
            nonlocal left
            followed = take(command)  # type: ignore[arg-type]
            left -= isinstance(getattr(command, "booking_id", None), str)
            if left == 0:
                raise PowerCutError
            return followed

        decider.take = dying  # type: ignore[method-assign, assignment]
        for message in messages:
            site.link.deliver(message)
        try:
            while site.link.waiting:
                site.turn()
        except PowerCutError:
            self.kills += 1
        site.told += site.link.sent
        site.restart()
        return site.told[before:]

    @property
    def planned(self) -> tuple[Expected, ...]:
        """Who has the house alone."""
        return self.site.hub.decider.state.expected

    def problems(self) -> Iterator[str]:
        """What does not hold: one winner, nineteen with the next free times."""
        if len(self.planned) != 1:
            yield f"{len(self.planned)} have the house"
            return
        (winner,) = self.planned
        told = {who: self._refusals(who) for who in self.askers}
        for who, texts in told.items():
            if who == winner.booked_by and texts:
                yield f"{who} won and was refused"
            elif who != winner.booked_by and len(texts) != 1:
                yield f"{who} was refused {len(texts)} times"
            for text in texts:
                yield from self._of_times(who, text, winner)
        rows = self.site.hub.inbox.db.table("kept_times").count
        if rows != 1:
            yield f"the file keeps {rows} times"

    def _refusals(self, who: str) -> list[str]:
        found = [each for each in self.site.alerts(REFUSED) if each.staff_id == who]
        return list({each.alert_id: each.text for each in found}.values())

    def _of_times(self, who: str, text: str, winner: Expected) -> Iterator[str]:
        """Each time that is offered instead is free for what was asked."""
        _, found, times = text.rstrip("。").partition("最近可约：")
        if not found or not times:
            yield f"{who} was told no time: {text}"
            return
        for said in times.split("、"):
            starts_at = datetime.strptime(f"2026-{said[:11]}", "%Y-%m-%d %H:%M").replace(
                tzinfo=self.site.policy.local(NINE).tzinfo
            )
            plan = replace(
                winner, on=starts_at.date(), starts_at=starts_at, ends_at=starts_at + LASTS
            )
            if overlap(plan, winner, self.site.policy):
                yield f"{who} was told {said}, which is taken"
