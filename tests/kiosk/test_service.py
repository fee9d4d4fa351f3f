"""Service visitors (施工、送货、找人、物业) come in with a name and leave with a number."""

import re
import threading
from pathlib import Path

import pytest

from kiosk.answers import Answers
from kiosk.errands import Errand
from kiosk.porter import LOCK_OUT_S, Porter
from kiosk.store import FORGOTTEN_AFTER, Store
from shared.messages import Receipt, ServiceKind, ServiceVisit, ServiceVisitEnd
from shared.outbox import message_id
from shared.pin_lock import TRIES
from tests.fakes import NINE
from tests.kiosk.house import KIOSK, House, Visitor, on_disk
from tests.rows import everything_in

CREW = Errand(ServiceKind.CONSTRUCTION, "钱师傅", 3, None)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def courier(house: House) -> Visitor:
    """A visitor who tapped the small button for service visitors."""
    visitor = house.tablet()
    visitor.send("/service/begin")
    return visitor


def come_in(visitor: Visitor, kind: str = "delivery", **form: str) -> str:
    """Send the form; the number that the visitor is given."""
    page = visitor.send(f"/service/{kind}", **{"name": "赵师傅", "party_size": "1", **form})
    found = re.search(r'data-testid="service-number">(\d+)<', page)
    return found[1] if found else ""


def waiting(house: House) -> list[object]:
    return [row.message for row in house.outbox.waiting(100)]


def leave(visitor: Visitor, number: str) -> str:
    visitor.send("/service/begin")
    return visitor.send("/service/leave", number=number)


def test_a_courier_comes_in_with_name_number_and_whom_they_look_for(
    house: House, courier: Visitor
) -> None:
    number = come_in(courier, party_size="2", whom="王强")
    assert re.fullmatch(r"\d{4}", number)
    (coming,) = waiting(house)
    assert isinstance(coming, ServiceVisit)
    assert (coming.kind, coming.name, coming.party_size) == (ServiceKind.DELIVERY, "赵师傅", 2)
    assert (coming.whom, coming.number, coming.came_at) == ("王强", number, NINE)
    assert (coming.kiosk_id, coming.seq) == (KIOSK, 1)


def test_the_number_takes_a_courier_out_and_only_once(house: House, courier: Visitor) -> None:
    number = come_in(courier)
    house.clock.pass_s(3600)
    page = leave(courier, number)
    assert courier.shows("bye")
    assert "赵师傅" not in page
    coming, ending = waiting(house)
    assert isinstance(coming, ServiceVisit)
    assert isinstance(ending, ServiceVisitEnd)
    assert ending.service_visit_id == coming.service_visit_id
    assert (ending.left_at - coming.came_at).total_seconds() == 3600
    leave(courier, number)
    assert courier.status == 422
    assert len(waiting(house)) == 2


def test_a_double_tap_and_a_reload_make_one_record(house: House, courier: Visitor) -> None:
    numbers = {come_in(courier) for _ in range(3)}
    courier.open("/service/number")
    assert len(numbers) == 1
    assert len(waiting(house)) == 1


def test_two_taps_at_the_same_moment_make_one_record(house: House) -> None:
    visit = house.visits.begin(Answers("zh-CN"))
    porter = house.parts.porter
    taps = [threading.Thread(target=porter.let_in, args=(visit, CREW)) for _ in range(8)]
    for tap in taps:
        tap.start()
    for tap in taps:
        tap.join()
    assert len(waiting(house)) == porter.count() == 1


def test_a_name_is_needed_and_whom_to_see_only_by_who_looks_for_somebody(
    house: House, courier: Visitor
) -> None:
    come_in(courier, "property", name=" ")
    assert courier.status == 422
    assert courier.shows("service-name-problem")
    come_in(courier, "meeting", name="钱女士")
    assert courier.shows("service-whom-problem")
    assert 'value="钱女士"' in courier.page
    assert waiting(house) == []
    assert come_in(courier, "meeting", name="钱女士", whom="李敏")


@pytest.mark.parametrize("size", ["0", "x", "²", "-1", "٣"])
def test_a_number_of_people_that_is_none_is_asked_for_again(
    house: House, courier: Visitor, size: str
) -> None:
    come_in(courier, party_size=size)
    assert courier.shows("service-party_size-problem")
    assert waiting(house) == []


def test_an_unknown_reason_has_no_page(courier: Visitor) -> None:
    courier.open("/service/robbery")
    assert courier.status == 404


def test_the_reset_leaves_neither_name_nor_number(house: House, courier: Visitor) -> None:
    number = come_in(courier)
    courier.send("/reset")
    for path in ("/", "/service", "/service/number", "/service/delivery", "/service/leave"):
        page = courier.open(path)
        assert number not in page
        assert "赵师傅" not in page
    assert courier.shows("language-zh-CN")


def test_only_number_and_id_are_kept_on_the_tablet(house: House, courier: Visitor) -> None:
    come_in(courier, whom="王强")
    kept = everything_in(house.db.conn)
    assert "赵师傅" not in kept
    assert "王强" not in kept


def test_the_one_who_guesses_numbers_has_to_wait(house: House, courier: Visitor) -> None:
    number = come_in(courier)
    wrong = "1000" if number != "1000" else "1001"
    for _ in range(TRIES):
        leave(courier, wrong)
        assert courier.shows("leave-problem")
        house.clock.pass_s(8)
    leave(courier, number)
    assert courier.status == 429
    assert house.parts.porter.count() == 1
    house.clock.pass_s(LOCK_OUT_S)
    leave(courier, number)
    assert courier.shows("bye")


def test_a_wrong_number_is_answered_kindly(courier: Visitor) -> None:
    come_in(courier)
    page = leave(courier, "1")
    assert "没有找到这个号码。请再看一下，或告诉前台。" in page


def test_who_forgot_to_leave_is_out_by_the_next_morning(house: House, courier: Visitor) -> None:
    number = come_in(courier)
    house.clock.pass_s(FORGOTTEN_AFTER.total_seconds() + 1)
    assert house.parts.porter.count() == 0
    leave(courier, number)
    assert courier.status == 422


def test_the_number_still_works_after_a_restart(house: House, tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    visit = house.visits.begin(Answers("zh-CN"))
    post, clock = house.courier.post, house.clock
    before = Porter(KIOSK, Store(on_disk(path)), post, clock, clock.running_s)
    before.let_in(visit, CREW)
    again = Porter(KIOSK, Store(on_disk(path)), post, clock, clock.running_s)
    assert again.let_out(visit.service_number or "")


def test_without_the_network_a_courier_comes_in_and_the_hub_hears_it_later(
    house: House, courier: Visitor
) -> None:
    house.link.is_up = False
    number = come_in(courier)
    leave(courier, number)
    house.link.is_up = True
    for kind in (ServiceVisit, ServiceVisitEnd):
        house.courier.step(0)
        (sent,) = [message for message in house.link.sent if isinstance(message, kind)]
        house.tell(Receipt(node_id=KIOSK, ids=(message_id(sent),), stored_at=NINE))
    assert waiting(house) == []


def test_on_a_disk_that_refuses_numbers_are_given_and_taken_back_from_memory(
    house: House, courier: Visitor
) -> None:
    house.outbox_db.conn.execute("pragma query_only = on")
    house.db.conn.execute("pragma query_only = on")
    number = come_in(courier)
    assert number
    assert house.parts.porter.count() == 1
    assert house.parts.porter.let_out(number)
    assert len(waiting(house)) == 2
    assert house.outbox_db.table("outbox").count == 0
    house.outbox_db.conn.execute("pragma query_only = off")
    house.courier.step(0)
    assert house.outbox_db.table("outbox").count == 2


def test_no_two_who_are_in_have_the_same_number(house: House) -> None:
    visits = [house.visits.begin(Answers("zh-CN")) for _ in range(300)]
    for visit in visits:
        house.parts.porter.let_in(visit, CREW)
    assert len({visit.service_number for visit in visits}) == len(visits)


def test_a_courier_may_choose_the_language(house: House, courier: Visitor) -> None:
    assert "What brings you here?" in courier.send("/service/begin", language="en")
    courier.send("/service/begin", language="fr")
    assert courier.status == 400


@pytest.mark.parametrize("by_s", [31_536_000, -31_536_000])
def test_a_clock_that_is_set_forgets_nobody_who_is_in(
    house: House, courier: Visitor, by_s: float
) -> None:
    number = come_in(courier)
    house.clock.is_set(by_s)
    other = house.tablet()
    other.send("/service/begin")
    come_in(other)
    leave(courier, number)
    assert any(isinstance(message, ServiceVisitEnd) for message in waiting(house))
