"""A person is erased: nothing of them is left on the disk, and everything decided still stands."""

from contextlib import closing
from pathlib import Path

import pytest

from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.hub.opening import open_hub
from broker.journal.replay import replay
from broker.journal.verify import verify
from broker.rules.policy import Policy
from broker.store.rebuilt import differences
from shared.errors import MessageError
from shared.messages import Alert, LookUp, Receipt
from shared.sealed_file import connect
from tests.erasing import (
    OTHER_PHONE,
    OTHER_PLATE,
    PHONE,
    PLATE,
    TYPED_WRONG,
    a_whole_visit,
    check_in,
    finish,
    left_on_the_disk,
    pass_on,
    registration,
    request,
    somebody_else,
)
from tests.fakes import NINE, FakeClock
from tests.hub_answers import count
from tests.hub_fixtures import PEOPLE
from tests.samples import arrival


@pytest.fixture
def erased(hub: Hub, clock: FakeClock) -> Hub:
    """A hub that knew the visitor and others, after the visitor was erased."""
    somebody_else(hub)
    a_whole_visit(hub, clock)
    pass_on(hub)
    handle(hub, request(phone=PHONE))
    pass_on(hub)
    return hub


def test_nothing_of_the_visitor_is_left_in_any_file(erased: Hub, tmp_path: Path) -> None:
    values = (PHONE, TYPED_WRONG, PLATE, "浙B9999Q", "欧阳", "139****1111", "浙 B 9 9 9 9 9")
    assert left_on_the_disk(tmp_path, *values) == []


def test_before_the_erasing_all_of_it_was_there(hub: Hub, clock: FakeClock, tmp_path: Path) -> None:
    """Or the test above would prove nothing."""
    a_whole_visit(hub, clock)
    found = left_on_the_disk(tmp_path, PHONE, TYPED_WRONG, PLATE, "浙B9999Q", "欧阳先生")
    assert len({value for _, value in found}) == 5


@pytest.mark.parametrize(
    "payload",
    [
        '{"phone": "+86 139-0000-1111"}',
        '{"phone": "１３９００００１１１１"}',
        '{"plate": "浙b·99999"}',
        r'{"plate": "\u6d59B99999"}',
        "浙B\u200b99999",
    ],
)
def test_what_could_not_be_used_goes_too_however_it_writes_them(
    hub: Hub, clock: FakeClock, payload: str
) -> None:
    a_whole_visit(hub, clock)
    hub.inbox.reject("y", payload.encode(), "why", clock())
    hub.inbox.reject("z", b"13800001112", "somebody else's", clock())
    handle(hub, request(phone=PHONE))
    pass_on(hub)
    left = hub.inbox.db.conn.execute("select payload from rejected").fetchall()
    assert left == [(b"13800001112",)]


def test_gate_and_tablet_are_told_which_of_their_messages_to_forget(erased: Hub) -> None:
    told = [each.message for each in erased.outbox.waiting(1000)]
    forgotten = {
        each.node_id: each.erased for each in told if isinstance(each, Receipt) and each.erased
    }
    assert forgotten.keys() == {"north", "lobby"}
    assert "a-1" in forgotten["north"]
    assert forgotten["lobby"] == ("c-1",)


def test_everybody_else_is_still_there(erased: Hub, tmp_path: Path) -> None:
    assert {value for _, value in left_on_the_disk(tmp_path, OTHER_PHONE, OTHER_PLATE)} == {
        OTHER_PHONE,
        OTHER_PLATE,
    }
    assert [customer.surname for customer in erased.register.search("司马")] == ["司马"]
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


def test_whoever_was_erased_is_no_difference_between_register_and_journal(
    erased: Hub, tmp_path: Path
) -> None:
    pass_on(erased)
    assert list(differences(tmp_path / "hub.sqlite3")) == []


def test_the_living_state_is_what_the_journal_makes_of_it(
    erased: Hub, tmp_path: Path, clock: FakeClock
) -> None:
    state = erased.decider.state
    erased.inbox.db.conn.execute("delete from snapshots")
    erased.inbox.db.conn.commit()
    again = open_hub(tmp_path, PEOPLE, Policy(), clock)
    assert again.decider.state == state


def test_an_erased_visitor_comes_again_as_a_new_customer(erased: Hub, tmp_path: Path) -> None:
    handle(erased, check_in(2, PHONE))
    visit = erased.visits.of_check_in("c-2")
    assert visit is not None
    assert visit.rule == "R14"
    pass_on(erased)
    assert replay(tmp_path / "hub.sqlite3", lambda _: None) == 0


@pytest.mark.parametrize("phone", ["+85291234567", "+8657188888888"])
def test_any_kind_of_number_is_erased(hub: Hub, tmp_path: Path, phone: str) -> None:
    handle(hub, check_in(1, phone))
    finish(hub, "c-1")
    handle(hub, registration(1, phone))
    handle(hub, LookUp(look_up_id="l-1", staff_id="li", asked_at=NINE, phone=phone))
    assert left_on_the_disk(tmp_path, phone, "欧阳") != []
    handle(hub, request(phone=phone))
    pass_on(hub)
    assert left_on_the_disk(tmp_path, phone, "欧阳") == []


def test_a_person_may_be_erased_a_second_time(erased: Hub, tmp_path: Path) -> None:
    handle(erased, check_in(2, PHONE, plate=PLATE))
    finish(erased, "c-2")
    handle(erased, request(phone=PHONE, number="2"))
    pass_on(erased)
    assert left_on_the_disk(tmp_path, PHONE, PLATE) == []
    assert verify(tmp_path / "hub.sqlite3", lambda _: None) == 0
    assert replay(tmp_path / "hub.sqlite3", lambda _: None) == 0


def test_who_is_still_here_is_erased_when_the_visit_is_over(hub: Hub, tmp_path: Path) -> None:
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


def test_what_is_left_of_a_check_in_can_still_be_read(hub: Hub) -> None:
    handle(hub, check_in(1, PHONE, plate=PLATE))
    finish(hub, "c-1")
    handle(hub, request(phone=PHONE))
    pass_on(hub)
    left = hub.inbox.check_in("c-1")
    assert left.phone is None
    assert left.plate not in (None, PLATE)


def test_a_plate_that_somebody_else_registered_stays_theirs(hub: Hub, tmp_path: Path) -> None:
    """Husband and wife, one car, two numbers."""
    handle(hub, check_in(1, PHONE, plate=PLATE))
    finish(hub, "c-1")
    handle(hub, registration(3, OTHER_PHONE, PLATE))
    handle(hub, request(phone=PHONE))
    pass_on(hub)
    assert left_on_the_disk(tmp_path, PHONE) == []
    assert [customer.phone for customer in hub.register.search(PLATE)] == [OTHER_PHONE]
    assert replay(tmp_path / "hub.sqlite3", lambda _: None) == 0


def test_a_plate_of_two_people_names_nobody(hub: Hub) -> None:
    handle(hub, registration(1, PHONE, PLATE))
    handle(hub, registration(2, OTHER_PHONE, PLATE, staff_id="li"))
    with pytest.raises(MessageError, match="use --phone"):
        handle(hub, request(plate=PLATE))


def test_by_the_plate_the_same_person_is_erased(hub: Hub, clock: FakeClock, tmp_path: Path) -> None:
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


def test_a_copy_of_an_older_file_that_holds_the_person_goes_too(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    for name, note in (("x", PHONE), ("y", "somebody else")):
        with closing(connect(tmp_path / f"hub.sqlite3.before-{name}")) as copy, copy:
            copy.execute("create table people (note text)")
            copy.execute("insert into people values (?)", [note])
    (tmp_path / "hub.sqlite3.before-z").write_bytes(b"sealed, so nobody can look")
    a_whole_visit(hub, clock)
    handle(hub, request(phone=PHONE))
    pass_on(hub)
    assert not (tmp_path / "hub.sqlite3.before-x").exists()
    assert (tmp_path / "hub.sqlite3.before-y").exists()
    assert not (tmp_path / "hub.sqlite3.before-z").exists()


def test_a_hub_that_died_after_the_erasing_sweeps_when_it_starts(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    a_whole_visit(hub, clock)
    handle(hub, request(phone=PHONE))
    with hub.decider.atomic():
        hub.persons.erase_due(clock())
    hub.inbox.db.conn.close()
    again = open_hub(tmp_path, PEOPLE, Policy(), clock)
    pass_on(again)
    assert left_on_the_disk(tmp_path, PHONE, PLATE) == []
    assert count(again, "erasures") == 1


def test_a_plate_that_others_gave_meanwhile_is_left_to_the_manager_and_holds_up_nobody(
    hub: Hub, clock: FakeClock
) -> None:
    handle(hub, check_in(1, None, plate=PLATE))
    handle(hub, request(plate=PLATE))  # under way: once the visit is over
    for number, phone in ((2, PHONE), (3, OTHER_PHONE)):
        handle(hub, check_in(number, phone, plate=PLATE, surname="司马"))
    handle(hub, check_in(4, TYPED_WRONG))
    handle(hub, request(phone=TYPED_WRONG, number="2"))
    for number in (1, 2, 3, 4):
        finish(hub, f"c-{number}")
    told = [row.message for row in hub.outbox.waiting(100) if isinstance(row.message, Alert)]
    asked = [alert.text for alert in told if alert.title == "请求删除信息"]
    assert asked == [
        "浙B·9**99 的删除请求：此车牌现有多个手机号，请向本人问明手机号，再由管理员按手机号删除"
    ]
    pass_on(hub)
    rows = hub.inbox.db.query("select is_doubted, plate, done_at is null as is_open from erasures")
    assert [tuple(row.values()) for row in rows] == [(1, None, 1), (0, None, 0)]
    assert count(hub, "visits") >= 3
    assert hub.visits.of_check_in("c-2") is not None
