"""The cars that a tablet offers to its visitor: whose, how long, and what a tap on one means."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.hub.loop import HubLoop
from shared.messages import (
    Correction,
    Direction,
    NodeKind,
    NodeState,
    NodeStatus,
    RecentArrivals,
)
from shared.node import Node
from tests.fakes import NINE, SITE, FakeClock, FakeLink
from tests.samples import NATURAL, arrival, departure

KIOSK = NodeStatus(
    node_id="lobby", kind=NodeKind.KIOSK, state=NodeState.ONLINE, at=NINE, version="0", waiting=0
)


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


@pytest.fixture
def service(hub: Hub, link: FakeLink) -> HubLoop:
    started = HubLoop(hub, link, Node(SITE, "hub", NodeKind.HUB, "0"))
    started.step(0)
    link.sent.clear()
    return started


def told(service: HubLoop, link: FakeLink) -> list[RecentArrivals]:
    """The offers that the tablets hear at the next step of the hub."""
    link.sent.clear()
    service.step(0)
    return [message for message in link.sent if isinstance(message, RecentArrivals)]


def offered(hub: Hub) -> list[tuple[str, str]]:
    return [(car.arrival_id, car.plate) for car in hub.offered.cars(hub.clock())]


def come(hub: Hub, clock: FakeClock, *plates: str) -> None:
    for number, plate in enumerate(plates, start=1):
        clock.pass_s(1)
        handle(hub, arrival(plate, number, seen_at=clock()))


def test_a_car_is_offered_masked_newest_first_and_told_once(
    hub: Hub, clock: FakeClock, service: HubLoop, link: FakeLink
) -> None:
    come(hub, clock, "浙A12345", "浙A88888")
    (offer,) = told(service, link)
    assert [car.plate for car in offer.cars] == ["浙A·8**88", "浙A·1**45"]
    assert told(service, link) == []


def test_two_cars_whose_masks_are_alike_stay_apart_by_their_time(
    hub: Hub, clock: FakeClock
) -> None:
    come(hub, clock, "浙A12345", "浙A19945")
    later, earlier = hub.offered.cars(clock())
    assert later.plate == earlier.plate
    assert later.seen_at > earlier.seen_at


def test_after_ten_minutes_a_car_is_offered_no_more_and_the_tablets_are_told(
    hub: Hub, clock: FakeClock, service: HubLoop, link: FakeLink
) -> None:
    come(hub, clock, "浙A12345")
    assert len(told(service, link)[0].cars) == 1
    clock.pass_s(599)
    assert told(service, link) == []
    clock.pass_s(2)
    assert told(service, link)[0].cars == ()


def test_at_most_six_cars_are_offered(hub: Hub, clock: FakeClock) -> None:
    come(hub, clock, *(f"浙A1000{number}" for number in range(8)))
    assert [arrival_id for arrival_id, _ in offered(hub)] == [
        "a-8",
        "a-7",
        "a-6",
        "a-5",
        "a-4",
        "a-3",
    ]


def test_only_what_was_read_for_sure_is_offered(hub: Hub) -> None:
    handle(hub, replace(arrival("浙A12345", 1), is_uncertain=True))
    handle(hub, replace(arrival("浙A1234", 2), is_incomplete=True))
    handle(hub, replace(arrival("浙AD1234", 5), is_incomplete=True))
    handle(hub, arrival("无牌", 3))
    handle(hub, replace(arrival("浙A12346", 4), direction=Direction.OUT))
    assert offered(hub) == []


def test_a_plate_that_the_gate_corrected_is_offered_as_it_really_is(hub: Hub) -> None:
    handle(hub, replace(arrival("浙A12345", 1), is_uncertain=True))
    correction = Correction(
        correction_id="k-1",
        gate_id="north",
        arrival_id="a-1",
        plate="浙A72345",
        corrected_by="north",
        corrected_at=NINE,
    )
    handle(hub, correction)
    assert offered(hub) == [("a-1", "浙A·7**45")]


def test_a_car_that_left_or_whose_people_checked_in_is_offered_no_more(
    hub: Hub, clock: FakeClock
) -> None:
    come(hub, clock, "浙A12345", "浙A12346")
    handle(hub, departure("浙A12345", seen_at=clock()))
    assert [arrival_id for arrival_id, _ in offered(hub)] == ["a-2"]
    handle(hub, replace(NATURAL, arrival_id="a-2", checked_in_at=clock()))
    assert offered(hub) == []


def test_a_car_taken_by_the_visitor_confirms_its_plate_and_finds_its_owner(hub: Hub) -> None:
    handle(hub, arrival("浙A88888"))
    handle(hub, replace(NATURAL, arrival_id="a-1"))
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    assert (visit.plate, visit.rule, visit.owner_id) == ("浙A88888", "R6", "wang")
    assert hub.inbox.db.table("visits").count == 1


def test_a_tablet_that_connects_anew_is_told_at_once(
    hub: Hub, service: HubLoop, link: FakeLink
) -> None:
    handle(hub, arrival())
    assert len(told(service, link)) == 1
    link.deliver(KIOSK)
    assert [len(offer.cars) for offer in told(service, link)] == [1]


def test_while_the_server_is_away_nothing_is_offered_and_then_what_still_is_true(
    hub: Hub, clock: FakeClock, service: HubLoop, link: FakeLink
) -> None:
    link.is_up = False
    come(hub, clock, "浙A12345")
    assert told(service, link) == []
    link.is_up, link.connections = True, 2
    assert [len(offer.cars) for offer in told(service, link)] == [1]


@pytest.mark.parametrize("off_by", [timedelta(days=-400), timedelta(hours=3)])
def test_a_gate_with_a_wrong_clock_has_its_cars_offered_with_the_hub_s_time(
    hub: Hub, clock: FakeClock, off_by: timedelta
) -> None:
    handle(hub, arrival(seen_at=clock() + off_by))
    (car,) = hub.offered.cars(clock())
    assert car.seen_at == clock()
