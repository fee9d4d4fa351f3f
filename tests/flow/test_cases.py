"""A case from its first word to its end, as the hub keeps it and the registers show it."""

from datetime import timedelta

import pytest

from broker.console.people_view import Person
from broker.handlers.context import Hub
from broker.local.post_box import PostBox
from broker.local.questions import CaseOpened, CaseStep, PersonRequest, Purpose
from broker.queries.case_book import HubCases
from shared.errors import MessageError
from shared.messages import Alert, Message
from tests.fakes import FakeClock
from tests.hub_answers import answers, time_passes
from tests.hub_fixtures import clock, hub
from tests.register_rows import TODAY, cells, rows

__all__ = ["clock", "hub"]

CHEN = Person("chen", "陈经理", ("manager",), "6666")
PHONE = "13900001111"


def opens(hub: Hub, number: int = 1, **more: object) -> list[Message]:
    asked = CaseOpened(
        case_id=f"k-{number}",
        asked_at=hub.clock(),
        kind_of_case=str(more.pop("kind", "complaint")),
        text="等了一个小时",
        name="欧阳",
        phone=PHONE,
        staff_id=more.pop("staff_id", "li"),  # type: ignore[arg-type]
        note="请回电",
    )
    return answers(hub, asked)


def steps(hub: Hub, act: str, by: str = "chen", note: str | None = None) -> None:
    number = len(hub.inbox.db.execute("select 1 from messages").fetchall())
    answers(
        hub,
        CaseStep(
            step_id=f"t-{number}",
            case_id="k-1",
            asked_at=hub.clock(),
            staff_id=by,
            act=act,
            note=note,
        ),
    )


def told(found: list[Message], title: str) -> list[str | None]:
    return [one.role for one in found if isinstance(one, Alert) and one.title == title]


def test_the_post_is_told_of_a_case_and_the_manager_of_a_broken_promise_once(
    hub: Hub, clock: FakeClock
) -> None:
    assert told(opens(hub), "新事项") == ["manager"]
    assert opens(hub) == [], "a second delivery changes nothing"
    clock.pass_s(1700)
    assert told(time_passes(hub), "事项超时") == []
    clock.pass_s(200)
    assert told(time_passes(hub), "事项超时") == ["manager"]
    assert told(time_passes(hub), "事项超时") == []


def test_a_case_goes_its_way_and_stands_in_its_registers(hub: Hub, clock: FakeClock) -> None:
    opens(hub)
    clock.pass_s(600)
    steps(hub, "acknowledge", note="已联系")
    clock.pass_s(600)
    steps(hub, "solve", note="已道歉")
    page = HubCases(hub, PostBox()).one("k-1", CHEN)
    assert page is not None
    assert (page.line.state, page.line.is_call_back_due) == ("solved", True)
    assert "call_back" in page.may
    steps(hub, "call_back", note="满意")
    steps(hub, "close")
    for register in ("complaints", "cases"):
        (row,) = cells(hub, register)
        assert (row["kind"], row["state"], row["phone"]) == ("投诉", "已关闭", "139****1111")
        assert (row["answer"], row["solved_by"]) == ("已道歉 / 满意", "陈经理")
    assert cells(hub, "repairs") == []


def test_the_stock_take_of_a_day_reads_the_same_after_its_cases_were_solved(
    hub: Hub, clock: FakeClock
) -> None:
    tomorrow = TODAY + timedelta(days=1)
    opens(hub)
    (open_now,) = cells(hub, "open_cases")
    assert (open_now["kind"], open_now["overdue"]) == ("投诉", "")
    clock.moment += timedelta(days=1)
    closing = cells(hub, "open_cases")
    assert [(row["phone"], row["overdue"]) for row in closing] == [("139****1111", "是")]
    steps(hub, "solve")
    clock.pass_s(60)
    assert cells(hub, "open_cases") == closing
    assert rows(hub, "open_cases", first=tomorrow, last=tomorrow) == []
    steps(hub, "reopen")
    clock.pass_s(60)
    assert len(rows(hub, "open_cases", first=tomorrow, last=tomorrow)) == 1
    after = tomorrow + timedelta(days=1)
    assert rows(hub, "open_cases", first=after, last=after) == [], "nobody knows yet"


def test_only_the_post_and_the_manager_work_on_a_case(hub: Hub) -> None:
    opens(hub)
    with pytest.raises(MessageError):
        steps(hub, "solve", by="wu")
    with pytest.raises(MessageError):
        steps(hub, "call_back")
    with pytest.raises(MessageError):
        opens(hub, 2, staff_id="nobody")
    with pytest.raises(MessageError):
        opens(hub, 3, kind="complaint", staff_id=None)
    assert told(opens(hub, 4, kind="feedback", staff_id=None), "新事项") == ["manager"]


def test_erasing_a_person_reaches_their_cases_and_keeps_the_count(
    hub: Hub, clock: FakeClock
) -> None:
    opens(hub)
    steps(hub, "acknowledge", note="欧阳要求回电")
    clock.moment += timedelta(days=1)
    request = PersonRequest(request_id="q-1", purpose=Purpose.ERASE, asked_at=clock(), phone=PHONE)
    answers(hub, request)
    time_passes(hub)
    db = hub.inbox.db
    kept = " ".join(str(row) for table in db.table_names() for row in db.table(table).rows)
    for trace in (PHONE, "等了一个小时", "要求回电"):
        assert trace not in kept
    page = HubCases(hub, PostBox()).one("k-1", CHEN)
    assert page is not None
    assert page.line.state == "acknowledged"
