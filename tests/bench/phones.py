"""How long until a locked phone's server has it: from an alert that is raised to the message there.

    python -m tests.bench phones [--alerts N]

A real hub's file, the real Apprise, and an ntfy of our own that only takes messages.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from broker.handlers.table import handle
from broker.hub.opening import open_hub
from broker.phones.locked_phones import LockedPhones
from broker.phones.ringer import Ringer
from broker.phones.settings import Channel, PhoneSettings
from broker.rules.policy import Policy
from shared.clock import now
from tests.broker.phones.ntfy import ntfy
from tests.hub_fixtures import PEOPLE
from tests.samples import arrival
from tests.waiting import eventually

TARGET_S = 2.0


def comes_after(sent: list[dict[str, object]], number: int) -> bool:
    """Whether another message comes than so many."""
    return eventually(lambda: len(sent) > number, within_s=10)


def main() -> int:
    """1 if a message took longer than the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alerts", type=int, default=50)
    asked = parser.parse_args()
    took_s: list[float] = []
    with tempfile.TemporaryDirectory() as place, ntfy() as (port, sent):
        hub = open_hub(Path(place), PEOPLE, Policy(), now)
        way = Channel(url=f"ntfy://127.0.0.1:{port}/x")
        people = {each.id: way for each in PEOPLE.staff if "parking" in each.roles}
        ringer = Ringer()
        ringer.start()
        phones = LockedPhones(hub, lambda: PhoneSettings(people=people), ringer.ring)
        for number in range(asked.alerts):
            began_s = time.monotonic()
            handle(hub, arrival(f"浙B{number:05}", number + 1, seen_at=now()))
            phones.step(0.0)
            if comes_after(sent, len(took_s)):
                took_s.append(time.monotonic() - began_s)
        ringer.stop()
    print(f"{len(took_s)} of {asked.alerts} came; median {median(took_s) * 1000:.0f} ms,")
    print(f"worst {max(took_s) * 1000:.0f} ms; the hub looks every quarter of a second besides")
    return int(len(took_s) < asked.alerts or max(took_s) > TARGET_S)


if __name__ == "__main__":
    sys.exit(main())
