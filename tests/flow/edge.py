"""An edge program that posts arrivals as a gate does, for tests that kill it: ``python edge.py``.

Posts ``count`` arrivals, one each ``pace_s``, through the real outbox, courier and link; a restart
goes on where the file says that it stopped.
"""

import sys
import time
from pathlib import Path

import msgspec
from msgspec.structs import replace

from shared.clock import now
from shared.config import MqttSettings
from shared.courier import Courier
from shared.edge_outbox import EdgeOutbox
from shared.ids import new_id
from shared.messages import Arrival, NodeKind, Receipt
from shared.mqtt import MqttLink
from shared.node import Node
from shared.outbox import open_database
from tests.samples import arrival


def main(folder: Path, site: str, account: MqttSettings, count: int, pace_s: float) -> None:
    """Run until everything was posted and has its receipt."""
    db = open_database(folder / "edge.sqlite3")
    outbox = EdgeOutbox(db)
    posted = db.table("posted")
    posted.create({"seq": int, "id": str}, pk="seq", if_not_exists=True)
    node = Node(site, "north", NodeKind.GATE, "test")
    link = MqttLink(account, node, [Receipt])
    link.start()
    courier = Courier(node, link, outbox, lambda _message: None)
    due_at = time.monotonic()
    while posted.count < count or outbox.depth():
        if posted.count < count and time.monotonic() >= due_at:
            due_at = time.monotonic() + pace_s
            fresh = _arrival(posted.count + 1)
            with db.atomic():  # the arrival and the test's own count of it: both or neither
                courier.post(fresh)
                posted.insert({"seq": fresh.seq, "id": fresh.arrival_id})
        courier.step(0.02)
    link.stop()


def _arrival(seq: int) -> Arrival:
    moment = now()
    return replace(arrival(f"浙A{10000 + seq}", seq, seen_at=moment), arrival_id=new_id(moment))


if __name__ == "__main__":
    where, name, log_in, wanted, pace = sys.argv[1:]
    main(
        Path(where), name, msgspec.json.decode(log_in, type=MqttSettings), int(wanted), float(pace)
    )
