"""Days drawn from chance: on none may a rule be broken, and no cheat may pay unseen.

python -m tests.bench.fairness [--random 2000] [--days 5000] [--processes 2]

First random days, each step checked. Then the same seeded days without and with each cheat: how
many visitors a day are the cheater's in the end, and how many they received, more than honestly.
"""

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings

from broker.rules.events import snake_case
from tests.bench.gains import Difference, Gain, differences, gains
from tests.bench.market import DAYS
from tests.days.living import assert_replay_equals_live, assert_ticks_change_nothing, live
from tests.days.moves import Day, days

TOLD_EVERY_S = 30.0


def live_through(examples: int) -> None:
    """So many random days; stops at the first on which something is unfair."""
    seen: Counter[str] = Counter()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(days)
    def every_day_is_fair(day: Day) -> None:
        office = live(day)
        assert_replay_equals_live(office)
        assert_ticks_change_nothing(office, seen["days"])
        events = [event for taken in office.journal for event in taken.events]
        seen.update(snake_case(type(event).__name__) for event in events)
        seen.update(["days"])

    started = time.monotonic()
    every_day_is_fair()
    print(f"{seen.pop('days')} days in {time.monotonic() - started:.0f} s, and on none of them was")
    print("anybody overtaken, a turn used twice, a protection broken, a replay different, or a")
    print("decision changed by when somebody looked.")
    for name, count in seen.most_common():
        print(f"{count:8} {name}")


def compared(count: int, processes: int) -> Iterator[list[Difference]]:
    """The differences of ``count`` days' seeds, as they are ready."""
    seeds, told_at = -(-count // DAYS), time.monotonic()
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for number, found in enumerate(pool.imap_unordered(differences, range(seeds)), start=1):
            yield found
            if time.monotonic() - told_at > TOLD_EVERY_S:
                told_at = time.monotonic()
                print(f"{number * DAYS} of {count} days", file=sys.stderr)


def row(name: str, gain: Gain) -> str:
    """One line of the table."""
    shown = ", ".join(f"{what} {often / gain.days:.1f}" for what, often in gain.shown.items())
    verdict = "no gain" if gain.is_none else "SEEN" if gain.is_seen else "UNSEEN"
    return f"{name:26}{gain.owned}  {gain.received}  {verdict:9}{shown}"


def main() -> int:
    """1 if a cheat pays and the manager is not shown it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--random", type=int, default=2000)
    parser.add_argument("--days", type=int, default=5000)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    if asked.random:
        live_through(asked.random)
    if not asked.days:
        return 0
    found = gains(compared(asked.days, asked.processes))
    print(f"{asked.days} days with and without each cheat; a working day, 95 % interval")
    print(f"{'cheat':26}{'customers':12}  {'received':12}  {'':9}told more, a day")
    for name, gain in found.items():
        print(row(name, gain))
    return 1 if any(not gain.is_none and not gain.is_seen for gain in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
