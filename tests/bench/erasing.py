"""One person erased from a large site: how long the hub is busy, and whether anything is left.

python -m tests.bench.erasing [--customers 1000000 --registrations 2000000]
"""

import argparse
import time
from collections.abc import Callable

from broker.handlers.table import handle, let_time_pass
from broker.journal.entries import FILE_NAME
from broker.local.questions import PersonRequest, Purpose
from broker.personal import dossier as dossiers
from tests.bench.large_site import Scratch, phone, serve, site_folder, started_hub
from tests.fakes import NINE

WHO = 4242
VISITS = 20
AT_MOST_S = 60.0
"""F36."""


def timed(act: Callable[[], object]) -> float:
    before = time.perf_counter()
    act()
    return time.perf_counter() - before


def tell(name: str, took: float, note: str = "") -> None:
    print(f"{name:36}{took:10.3f} s  {note}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--registrations", type=int, default=2_000_000)
    asked = parser.parse_args()
    with Scratch(site_folder(asked.customers, asked.registrations)) as folder:
        hub = started_hub(folder)
        erased_phone = phone(WHO)
        for number in range(WHO, WHO + VISITS * asked.customers, asked.customers):
            serve(hub, range(number, number + 1), known=asked.customers)  # always the same customer
        let_time_pass(hub)
        found = timed(lambda: dossiers.of_phone(hub.inbox.db, erased_phone))
        request = PersonRequest(
            request_id="bench", purpose=Purpose.ERASE, asked_at=NINE, phone=erased_phone
        )
        erased = timed(lambda: handle(hub, request))
        swept = longest = 0.0
        while next(hub.inbox.db.query("select 1 from erasures where is_swept = 0"), None):
            turn = timed(lambda: let_time_pass(hub))
            swept, longest = swept + turn, max(longest, turn)
        hub.inbox.db.conn.close()
        is_left = erased_phone.encode() in (folder / FILE_NAME).read_bytes()
        size_mb = (folder / FILE_NAME).stat().st_size / 1e6
    tell("found", found)
    tell("erased", erased)
    tell("swept", swept)
    tell("longest that nobody was received", max(erased, longest))
    took = found + erased + swept
    tell("together", took, f"at most {AT_MOST_S:.0f}; the file has {size_mb:,.0f} MB")
    print("nothing of the person is left" if not is_left else "THE PERSON IS STILL THERE")
    return int(took > AT_MOST_S or is_left)


if __name__ == "__main__":
    raise SystemExit(main())
