"""A person is erased: nothing of him is left on the disk, and everything decided still stands."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from broker.hub.opening import open_hub
from broker.journal.replay import replay
from broker.journal.verify import verify
from broker.local.questions import OwnCorrection, PersonRequest, Purpose
from broker.rules.policy import Policy
from shared.errors import MessageError
from shared.messages import (
    Booking,
    BookingKind,
    CheckIn,
    LookUp,
    Registration,
    ReportKind,
    StaffReport,
)
from tests.fakes import NINE, FakeClock
from tests.flow.test_visit import ack, alerts, answers, count
from tests.hub_fixtures import PEOPLE
from tests.samples import NATURAL, arrival, departure

PHONE, OTHER_PHONE, TYPED_WRONG = "13900001111", "13700002222", "13900001112"
PLATE, OTHER_PLATE = "浙B99999", "浙C77777"
KEY = "k" * 64


def check_in(number: int, phone: str | None, **more: object) -> CheckIn:
    bare = replace(
        NATURAL,
        check_in_id=f"c-{number}",
        seq=number,
        phone=phone,
        consented_at=NINE,
        surname="欧阳",
        salutation="先生",
        page_key=KEY if number == 1 else None,
    )
    return replace(bare, **more)


def registration(
    number: int, phone: str, *plates: str, staff_id: str = "li", surname: str = "欧阳"
) -> Registration:
    return Registration(
        registration_id=f"r-{number}",
        staff_id=staff_id,
        registered_at=NINE,
        surname=surname,
        salutation="先生",
        phone=phone,
        plates=plates,
    )


def finish(hub: Hub, check_in_id: str) -> None:
    visit = hub.visits.of_check_in(check_in_id)
    assert visit is not None
    report = StaffReport(
        report_id=f"s-{check_in_id}",
        staff_id=visit.host_id or "li",
        kind=ReportKind.FINISHED,
        reported_at=hub.clock(),
        visit_id=visit.visit_id,
    )
    handle(hub, report)


def request(purpose: Purpose = Purpose.ERASE, **whom: str) -> PersonRequest:
    number = whom.pop("number", "1")
    return PersonRequest(request_id=f"q-{number}", purpose=purpose, asked_at=NINE, **whom)


def a_whole_visit(hub: Hub, clock: FakeClock) -> None:
    """Everything that can be kept of one visitor: his car, his check-in, his page, his consultant's
    entry, look-ups, a plan, a drink, and a message that could not be used."""
    handle(hub, replace(arrival(PLATE), raw_plate="浙B9999Q", candidates=(PLATE, "浙B99998")))
    asked = replace(check_in(1, TYPED_WRONG), arrival_id="a-1", drinks=("绿茶",))
    told = alerts(answers(hub, asked))
    host = next(name for name in ("li", "wang") if name in told)
    answers(hub, ack(told[host], host))
    handle(hub, correction(PHONE))
    handle(hub, LookUp(look_up_id="l-1", staff_id=host, asked_at=NINE, phone=PHONE))
    handle(hub, registration(1, PHONE, PLATE, staff_id=host))
    handle(hub, replace(arrival("浙B9999B", 2), is_uncertain=True, candidates=(PLATE,)))
    plan = Booking(
        booking_id="b-1",
        staff_id="li",
        kind=BookingKind.APPOINTMENT,
        booked_at=NINE,
        starts_at=NINE.replace(day=25),
        ends_at=NINE.replace(day=25, hour=3),
        host_id="li",
        phone=PHONE,
    )
    handle(hub, plan)
    finish(hub, "c-1")
    handle(hub, departure(PLATE, seen_at=clock()))
    hub.store.reject("x", f'{{"phone":"{PHONE}"}}'.encode(), f"why {PLATE}", clock())


def correction(phone: str | None) -> OwnCorrection:
    return OwnCorrection(
        correction_id="o-1",
        check_in_id="c-1",
        corrected_at=NINE,
        surname="欧阳",
        salutation="先生",
        phone=phone,
        plate=PLATE,
    )


def somebody_else(hub: Hub) -> None:
    handle(hub, arrival(OTHER_PLATE, 7))
    handle(hub, check_in(7, OTHER_PHONE, surname="司马", arrival_id="a-7"))
    handle(hub, registration(7, OTHER_PHONE, OTHER_PLATE, surname="司马"))
    finish(hub, "c-7")


def pass_on(hub: Hub) -> None:
    let_time_pass(hub)
    hub.journal.seal()


def left_on_the_disk(folder: Path, *values: str) -> list[tuple[str, str]]:
    """Every file in the hub's folder that still holds one of the values, byte for byte."""
    files = [path for path in folder.iterdir() if path.is_file()]
    return [(one.name, v) for one in files for v in values if v.encode() in one.read_bytes()]


@pytest.fixture
def erased(hub: Hub, clock: FakeClock) -> Hub:
    """A hub in which the visitor was, beside others, and is no more."""
    somebody_else(hub)
    a_whole_visit(hub, clock)
    pass_on(hub)
    handle(hub, request(phone=PHONE))
    pass_on(hub)
    return hub


def test_nothing_of_him_is_left_in_any_file(erased: Hub, tmp_path: Path) -> None:
    values = (PHONE, TYPED_WRONG, PLATE, "浙B9999Q", "欧阳", "139****1111", "浙 B 9 9 9 9 9")
    assert left_on_the_disk(tmp_path, *values) == []


def test_before_the_erasing_all_of_it_was_there(hub: Hub, clock: FakeClock, tmp_path: Path) -> None:
    """Or the test above would prove nothing."""
    a_whole_visit(hub, clock)
    found = left_on_the_disk(tmp_path, PHONE, TYPED_WRONG, PLATE, "浙B9999Q", "欧阳先生")
    assert len({value for _, value in found}) == 5


def test_everybody_else_is_still_there(erased: Hub, tmp_path: Path) -> None:
    assert {value for _, value in left_on_the_disk(tmp_path, OTHER_PHONE, OTHER_PLATE)} == {
        OTHER_PHONE,
        OTHER_PLATE,
    }
    assert [one.surname for one in erased.register.search("司马")] == ["司马"]
    assert erased.register.search("欧阳") == ()


def test_the_journal_is_still_proved_and_says_that_somebody_was_erased(
    erased: Hub, tmp_path: Path
) -> None:
    said: list[str] = []
    assert verify(tmp_path / "hub.sqlite3", said.append) == 0, said
    assert "entries lost a person on 2026-11-23, asked by operator" in said[0]


def test_every_decision_comes_out_the_same_again(erased: Hub, tmp_path: Path) -> None:
    said: list[str] = []
    assert replay(tmp_path / "hub.sqlite3", said.append) == 0, said


def test_the_living_state_is_what_the_journal_makes_of_it(
    erased: Hub, tmp_path: Path, clock: FakeClock
) -> None:
    state = erased.decider.state
    erased.store.db.conn.execute("delete from snapshots")
    erased.store.db.conn.commit()
    again = open_hub(tmp_path, PEOPLE, Policy(), clock)
    assert again.decider.state == state


def test_he_comes_again_as_a_new_customer(erased: Hub, tmp_path: Path) -> None:
    handle(erased, check_in(2, PHONE))
    visit = erased.visits.of_check_in("c-2")
    assert visit is not None
    assert visit.rule == "R14"
    pass_on(erased)
    assert replay(tmp_path / "hub.sqlite3", lambda _: None) == 0


def test_he_may_be_erased_a_second_time(erased: Hub, tmp_path: Path) -> None:
    handle(erased, check_in(2, PHONE, plate=PLATE))
    finish(erased, "c-2")
    handle(erased, request(phone=PHONE, number="2"))
    pass_on(erased)
    assert left_on_the_disk(tmp_path, PHONE, PLATE) == []
    assert verify(tmp_path / "hub.sqlite3", lambda _: None) == 0
    assert replay(tmp_path / "hub.sqlite3", lambda _: None) == 0


def test_who_is_still_here_is_erased_when_his_visit_is_over(hub: Hub, tmp_path: Path) -> None:
    handle(hub, check_in(1, PHONE))
    handle(hub, request(phone=PHONE))
    pass_on(hub)
    assert left_on_the_disk(tmp_path, PHONE) != []
    finish(hub, "c-1")
    pass_on(hub)
    assert left_on_the_disk(tmp_path, PHONE) == []


def test_a_car_that_stands_here_and_nobody_checked_in_from_need_not_be_waited_for(
    hub: Hub, tmp_path: Path
) -> None:
    handle(hub, arrival("浙A88888"))
    handle(hub, request(phone="13800138000"))
    pass_on(hub)
    assert left_on_the_disk(tmp_path, "13800138000", "浙A88888") == []
    assert hub.offered.cars(NINE) == ()
    assert replay(tmp_path / "hub.sqlite3", lambda _: None) == 0


def test_a_plate_that_somebody_else_registered_stays_his(hub: Hub, tmp_path: Path) -> None:
    """Husband and wife, one car, two numbers."""
    handle(hub, check_in(1, PHONE, plate=PLATE))
    finish(hub, "c-1")
    handle(hub, registration(3, OTHER_PHONE, PLATE))
    handle(hub, request(phone=PHONE))
    pass_on(hub)
    assert left_on_the_disk(tmp_path, PHONE) == []
    assert [one.phone for one in hub.register.search(PLATE)] == [OTHER_PHONE]
    assert replay(tmp_path / "hub.sqlite3", lambda _: None) == 0


def test_a_plate_of_two_people_names_nobody(hub: Hub) -> None:
    handle(hub, registration(1, PHONE, PLATE))
    handle(hub, registration(2, OTHER_PHONE, PLATE, staff_id="li"))
    with pytest.raises(MessageError, match="use --phone"):
        handle(hub, request(plate=PLATE))


def test_by_his_plate_the_same_person_is_erased(hub: Hub, clock: FakeClock, tmp_path: Path) -> None:
    a_whole_visit(hub, clock)
    handle(hub, request(plate="浙b·99999"))
    pass_on(hub)
    assert left_on_the_disk(tmp_path, PHONE, PLATE, TYPED_WRONG) == []


def test_a_known_customer_of_the_first_day_is_erased_and_does_not_come_back(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    handle(hub, request(phone="13800138000"))
    pass_on(hub)
    assert left_on_the_disk(tmp_path, "13800138000", "浙A88888", "张女士") == []
    open_hub(tmp_path, PEOPLE, Policy(), clock)
    assert left_on_the_disk(tmp_path, "13800138000") == []


def test_a_copy_of_an_older_file_that_holds_him_goes_too(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    (tmp_path / "hub.sqlite3.before-x").write_bytes(b"..." + PHONE.encode())
    (tmp_path / "hub.sqlite3.before-y").write_bytes(b"somebody else")
    a_whole_visit(hub, clock)
    handle(hub, request(phone=PHONE))
    pass_on(hub)
    assert not (tmp_path / "hub.sqlite3.before-x").exists()
    assert (tmp_path / "hub.sqlite3.before-y").exists()


def test_a_hub_that_died_after_the_erasing_sweeps_when_it_starts(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    a_whole_visit(hub, clock)
    handle(hub, request(phone=PHONE))
    with hub.decider.atomic():
        hub.persons.erase_due(clock())
    hub.store.db.conn.close()
    again = open_hub(tmp_path, PEOPLE, Policy(), clock)
    pass_on(again)
    assert left_on_the_disk(tmp_path, PHONE, PLATE) == []
    assert count(again, "erasures") == 1
