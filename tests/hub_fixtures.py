from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from broker.hub import Hub
from broker.journal import Journal
from broker.people import KnownCustomer, SitePeople, Staff
from broker.presence import Presence
from broker.rules.rotation import Rotation
from broker.store import Store
from shared.outbox import Outbox, open_database
from tests.fakes import NINE, FakeClock

PEOPLE = SitePeople(
    staff=(
        Staff(id="li", name="李敏", roles=("consultant",), pin="1111"),
        Staff(id="wang", name="王强", roles=("consultant",), pin="2222"),
        Staff(id="wu", name="小吴", roles=("parking",), pin="3333"),
        Staff(id="zhao", name="小赵", roles=("parking",), pin="4444"),
        Staff(id="lin", name="小林", roles=("door",), pin="5555"),
    ),
    order=("li", "wang"),
    registered=(
        KnownCustomer(
            consultant="wang",
            at=NINE.replace(day=10),
            surname="张",
            salutation="女士",
            phone="13800138000",
            plates=("浙A88888",),
        ),
    ),
)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def hub(tmp_path: Path, clock: FakeClock) -> Hub:
    db, zone = open_database(tmp_path / "hub.sqlite3"), ZoneInfo("Asia/Shanghai")
    store = Store(db, zone)
    store.add_known(PEOPLE.registered)
    store.save_rotation(Rotation(PEOPLE.order))
    return Hub(store, Journal(db), Outbox(db), Presence(), clock, PEOPLE, zone, 15)
