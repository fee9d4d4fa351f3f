from dataclasses import replace
from pathlib import Path

import pytest

from broker.handlers.context import Hub
from broker.handlers.presence import Presence
from broker.hub import loop
from broker.hub.opening import open_hub
from broker.rules.policy import Policy
from broker.site_file import KnownCustomer, SitePeople, Staff
from tests.fakes import NINE, FakeClock
from tests.waiting import CAME_AT_ALL_S

PEOPLE = SitePeople(
    staff=(
        Staff(id="li", name="李敏", roles=("consultant",), pin="1111"),
        Staff(id="wang", name="王强", roles=("consultant",), pin="2222"),
        Staff(id="wu", name="小吴", roles=("parking",), pin="3333"),
        Staff(id="zhao", name="小赵", roles=("parking",), pin="4444"),
        Staff(id="lin", name="小林", roles=("door",), pin="5555"),
        Staff(id="chen", name="陈经理", roles=("manager",), pin="6666"),
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


def clocked(hub: Hub, clock: FakeClock) -> Hub:
    """The hub, for which time passes as the test's clock says."""
    return replace(hub, presence=Presence(clock.running_s))


@pytest.fixture
def hub(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub whose turns a busy machine does not cut short."""
    monkeypatch.setattr(loop, "BATCH_S", CAME_AT_ALL_S)
    return clocked(open_hub(tmp_path, PEOPLE, Policy(), clock), clock)
