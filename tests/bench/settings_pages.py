"""How long a large site's pages of settings take: 200 people, 100,000 customers, 1,000 changes.

    python -m tests.bench.settings_pages [--customers N] [--rounds N]

The time of the server alone, in one process. Fails where the 95th of 100 is above 200 ms, or above
50 ms where somebody is searching as they type.
"""

import argparse
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from broker.rules.facts import Registration
from broker.site_file import SitePeople, Staff
from tests.settings_rig import TWO_MANAGERS, SettingsRig

WITHIN_MS, TYPED_WITHIN_MS = 200.0, 50.0
PEOPLE, CHANGES = 200, 1_000
PAGES = (
    *("", "/people", "/people/who-7", "/people/who-7/leave", "/people/gone/customers", "/rules"),
    *("/days", "/house", "/history", "/history?page=9", "/customers"),
)
SEARCHES = ("1", "客", "7001", "13900099", "顾问19", "guwen", "保护", "nobody")


def large_site(folder: Path, customers: int) -> SettingsRig:
    """So many people and customers, and a past of changes."""
    many = tuple(
        Staff(id=f"who-{number}", name=f"顾问{number}", roles=("consultant",), pin="1")
        for number in range(PEOPLE - len(TWO_MANAGERS.staff))
    )
    gone = Staff(id="gone", name="旧人", roles=("consultant",), pin="1", has_left=True)
    staff = (*TWO_MANAGERS.staff, *many, gone)
    rig = SettingsRig(folder, people=SitePeople(staff=staff, order=("li", "wang")))
    with rig.hub.decider.atomic():
        for number in range(customers):
            owner = "gone" if number < 1_000 else f"who-{number % len(many)}"
            at = rig.clock() - timedelta(days=number % 14)
            rig.hub.register.add(
                Registration(
                    registration_id=f"r-{number}",
                    consultant_id=owner,
                    registered_at=at,
                    received_at=at,
                    phone=f"1390{number:07d}",
                    surname="客",
                )
            )
    manager = rig.manager()
    for number in range(CHANGES):
        manager.fill_in("/settings/rules", policy__bulk_per_hour=str(20 + number % 50))
    return rig


def main() -> int:
    """Print each page's times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args()
    slow = 0
    with tempfile.TemporaryDirectory() as folder:
        manager = large_site(Path(folder), asked.customers).manager()
        limits = {f"/settings{page}": WITHIN_MS for page in PAGES}
        limits |= {f"/find?part=1&q={text}": TYPED_WITHIN_MS for text in SEARCHES}
        for page, within_ms in limits.items():
            took = []
            for _ in range(asked.rounds):
                began = time.perf_counter()
                answer = manager.get(page)
                took.append((time.perf_counter() - began) * 1_000)
                assert answer.status_code == 200, (page, answer.status_code)
            p95 = statistics.quantiles(took, n=20)[18]
            slow += p95 > within_ms
            print(f"{page:33} median {statistics.median(took):6.1f} ms  p95 {p95:6.1f} ms")
    return int(slow > 0)


if __name__ == "__main__":
    sys.exit(main())
