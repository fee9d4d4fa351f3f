"""Random days at a sales office: on none may a rule be broken.

python -m tests.bench.fairness [EXAMPLES]
"""

import sys
import time
from collections import Counter

from hypothesis import HealthCheck, given, settings

from broker.rules.events import snake_case
from tests.days import Move, assert_replay_equals_live, days, live


def main(examples: int = 2000) -> None:
    """Live through so many random days; stops at the first on which something is unfair."""
    seen: Counter[str] = Counter()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(days)
    def every_day_is_fair(day: tuple[int, str, list[Move]]) -> None:
        office = live(day)
        assert_replay_equals_live(office)
        events = [event for taken in office.journal for event in taken.events]
        seen.update(snake_case(type(event).__name__) for event in events)
        seen.update(["days"])

    started = time.monotonic()
    every_day_is_fair()
    print(f"{seen.pop('days')} days in {time.monotonic() - started:.0f} s, and on none of them was")
    print("anybody overtaken, a turn used twice, a protection broken or a replay different.")
    for name, count in seen.most_common():
        print(f"{count:8} {name}")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
