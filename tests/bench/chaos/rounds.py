"""One round: part of a day, a fault at some moment of it, a start, and what must then hold."""

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from shared.clock import now
from tests.bench.chaos.checks import false_alarms, holds_in_the_end, kept_at_once, untold
from tests.bench.chaos.crash import Folder, changes_in, write_out
from tests.bench.chaos.day import Day
from tests.bench.chaos.faults import HOUR_S, Fault, damage, free_bytes, jump_s
from tests.bench.chaos.house import House
from tests.bench.chaos.marks import promises_in
from tests.bench.chaos.outcome import Outcome
from tests.bench.chaos.programs import FILES, GATE, HUB, PARTS, TABLET
from tests.bench.chaos.recorder import Recorder
from tests.fakes import NINE

BEGIN = NINE.replace(year=2040)
"""Later than any machine on which this runs: a hub knows that its files are not from the future."""
TURNS = 40
"""How long a part of a day is."""
STATES = 6
"""How many moments of a record are tried."""
TURNS_AFTER = 5
FIRST_MOMENT = 2
"""The first changes make the file of promises."""


@dataclass(frozen=True, slots=True)
class Round:
    """A fault and a seed, and where there is room to play."""

    fault: Fault
    seed: int
    recorder: Recorder

    def play(self) -> Outcome:
        """The round; the same seed gives the same one."""
        outcome = Outcome(self.fault, self.seed)
        chance = random.Random(f"{self.fault} {self.seed}")
        _empty(self.recorder.disk)
        self.recorder.forget()
        self.recorder.mend_disk()
        self._show(BEGIN)
        spoil = LIVE.get(self.fault)
        if spoil is None:
            self._recorded(outcome, chance)
        else:
            self._lived_through(outcome, chance, spoil)
        return outcome

    def _recorded(self, outcome: Outcome, chance: random.Random) -> None:
        """Play once, and put the disks together as they lay there at several moments."""
        house = House(self.recorder.disk, chance, self.recorder)
        day = Day(house, chance)
        for _ in range(TURNS):
            day.turn()
        house.close()
        outcome.wrong += house.wrong
        changes = changes_in(self.recorder.log)
        folder, done = Folder(), 0
        for moment in sorted(chance.sample(range(FIRST_MOMENT, len(changes)), STATES)):
            folder.play(changes[done:moment])
            done = moment
            self._try_state(outcome, chance, folder, moment)

    def _try_state(
        self, outcome: Outcome, chance: random.Random, folder: Folder, moment: int
    ) -> None:
        """Start on what was left, and see what of it holds."""
        state = self.recorder.root / "state"
        _empty(state)
        part = CUT.get(self.fault)
        write_out(folder.after_power_cut(part, chance) if part else folder.after_kill(), state)
        damaged = {self._damage(state, chance)} if self.fault in DAMAGED else set()
        promised = promises_in(state)
        self._show((promised.at or BEGIN) + timedelta(seconds=chance.choice((1, 60, HOUR_S))))
        house = House(state, chance, self.recorder, spoilt=set(damaged))
        house.start()
        wrong = kept_at_once(house, promised)
        day = Day(house, chance)
        for _ in range(TURNS_AFTER):
            day.turn()
        house.settle()
        wrong += holds_in_the_end(house, promises_in(state))
        house.close()
        if house.mended & damaged:
            outcome.told_losses += len(wrong)
            wrong = untold(house)
        wrong += [*house.wrong, *false_alarms(house, damaged)]
        outcome.wrong += [f"at change {moment}: {what}" for what in wrong]
        outcome.restarts_ms += house.restarts_ms
        outcome.states += 1

    def _damage(self, state: Path, chance: random.Random) -> str:
        """Damage a file; the part whose it is."""
        part = HUB if self.fault is Fault.DAMAGED_HUB else chance.choice((GATE, TABLET))
        path = state / chance.choice(FILES[part])
        if path.exists():
            damage(path, chance)
        return part

    def _lived_through(self, outcome: Outcome, chance: random.Random, spoil: "Spoil") -> None:
        """Play while something fails, then mend it, and start everything once more."""
        house = House(self.recorder.disk, chance, self.recorder)
        day = Day(house, chance)
        begins, lasts = chance.randrange(1, TURNS // 2), chance.randrange(1, TURNS // 2)
        for _ in range(begins):
            day.turn()
        mend = spoil(house, chance)
        for _ in range(lasts):
            day.turn()
        mend()
        house.spoilt.clear()
        for _ in range(TURNS_AFTER):
            day.turn()
        for part in PARTS:
            house.end(part)
        promised = promises_in(house.folder)
        house.start()
        outcome.wrong += kept_at_once(house, promised)
        house.settle()
        outcome.wrong += holds_in_the_end(house, promises_in(house.folder))
        house.close()
        outcome.wrong += [*house.wrong, *false_alarms(house, set())]
        outcome.restarts_ms += house.restarts_ms[1:]
        outcome.states += 1

    def _show(self, moment: datetime) -> None:
        self.recorder.set_clock((moment - now()).total_seconds())


Spoil = Callable[[House, random.Random], Callable[[], None]]
"""Lets something fail, and returns what mends it."""


def _fill_disk(house: House, chance: random.Random) -> Callable[[], None]:
    part = chance.choice(PARTS)
    house.spoilt.add(part)
    house.recorder.spoil_disk(part, free=free_bytes(chance))
    return house.recorder.mend_disk


def _write_protect(house: House, chance: random.Random) -> Callable[[], None]:
    part = chance.choice(PARTS)
    house.spoilt.add(part)
    house.recorder.spoil_disk(part, is_read_only=True)
    return house.recorder.mend_disk


def _set_clock(house: House, chance: random.Random) -> Callable[[], None]:
    seconds = jump_s(chance)
    house.recorder.set_clock(seconds)
    return lambda: house.recorder.set_clock(-seconds)


def _wipe_server(house: House, chance: random.Random) -> Callable[[], None]:
    house.exchange.wipe()
    return house.exchange.come_up


LIVE: dict[Fault, Spoil] = {
    Fault.FULL: _fill_disk,
    Fault.READ_ONLY: _write_protect,
    Fault.CLOCK: _set_clock,
    Fault.WIPED: _wipe_server,
}
"""Faults that programs notice while they run; the others end them, and are tried on a record."""
CUT = {Fault.POWER_HUB: HUB, Fault.POWER_GATE: GATE, Fault.POWER_TABLET: TABLET}
DAMAGED = (Fault.DAMAGED_HUB, Fault.DAMAGED_EDGE)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
