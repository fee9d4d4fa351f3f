"""Strange messages from every account while people work: the hub lives on and stays as fast.

    python -m tests.bench.fuzz [--messages 50000] [--seed 1] [--pace 150] [--quiet 60]

A real hub and mosquitto. First only honest people work: a gate, a tablet, phones. Then every
account that a site may have sends every type of message, valid and spoilt in each way of
``strange.py``, ``pace`` of them a second, and the honest ones go on.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench.fuzz.attack import Found, attack
from tests.bench.handhelds import percentile
from tests.bench.table import table

SLOWER_AT_MOST = 1.5
OF_A_KIND_AT_MOST = 60
"""How often the manager may hear of the same kind of thing: ten times an hour, or once of each
thing that an account may not do. Visitors who wait are told of as often as there are some, also
such as an account made up."""


def told(found: Found) -> int:
    """Print it all; the exit status."""
    print(table(["strange messages", "sent"], [(how, str(n)) for how, n in found.sent.items()]))
    rows = []
    for name, took in (("in peace", found.quiet_ms), ("under attack", found.attacked_ms)):
        cells = [f"{percentile(took, share):.0f} ms" for share in (0.5, 0.95, 0.99)]
        rows.append((name, str(len(took)), *cells, f"{max(took):.0f} ms"))
    print(table(["car → alert at parking", "n", "p50", "p95", "p99", "worst"], rows))
    print(f"  p95 is {found.slower:.2f} times that in peace (target {SLOWER_AT_MOST})")
    print(f"the manager heard, under attack (target: {OF_A_KIND_AT_MOST} of a kind):")
    for title, often in found.notices.most_common():
        print(f"{often:6} {title}")
    print(f"{found.urgent:6} urgent calls for visitors who wait")
    for what in found.wrong:
        print(what)
    is_good = found.slower <= SLOWER_AT_MOST
    is_good &= max(found.notices.values(), default=0) <= OF_A_KIND_AT_MOST
    return 0 if is_good and not found.wrong else 1


def main() -> int:
    """1 when something did not hold."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pace", type=float, default=150)
    parser.add_argument("--quiet", type=float, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        found = attack(Path(name), asked.messages, asked.seed, asked.pace, asked.quiet)
    print(f"{sum(found.sent.values())} strange messages, seed {asked.seed}")
    return told(found)


if __name__ == "__main__":
    sys.exit(main())
