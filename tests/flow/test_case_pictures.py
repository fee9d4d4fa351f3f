"""Pictures of a defect at the hub: whose they are to bring, and how long they stay."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from broker.console.people_view import Person
from broker.handlers.context import Hub
from broker.local.case_questions import CasePictureGone
from broker.local.post_box import PostBox
from broker.local.questions import CaseOpened, CaseStep, PersonRequest, Purpose
from broker.queries.case_book import HubCases
from broker.rules.case_classes import MOST_PICTURES, MOST_PICTURES_OF_VISITOR
from broker.rules.retention import Retention
from shared.errors import MessageError
from tests.defect_pictures import brings
from tests.fakes import FakeClock
from tests.hub_answers import answers, time_passes
from tests.hub_fixtures import clock, hub
from tests.nights import night

__all__ = ["clock", "hub"]

LI = Person("li", "李敏", ("consultant",), "1357")
CHEN = Person("chen", "陈经理", ("manager",), "6666")
WU = Person("wu", "吴", ("consultant",), "1111")
PHONE = "13900001111"


def opens(
    hub: Hub, kind: str = "repair", staff_id: str | None = "li", phone: str | None = PHONE
) -> None:
    answers(
        hub,
        CaseOpened(
            case_id="k-1",
            asked_at=hub.clock(),
            kind_of_case=kind,
            text="墙裂了",
            phone=phone,
            staff_id=staff_id,
        ),
    )


def shown(hub: Hub, who: Person) -> list[bytes | None]:
    """The pictures on the page of the case, as this person sees it."""
    book = HubCases(hub, PostBox())
    page = book.one("k-1", who)
    assert page is not None
    return [book.picture("k-1", one.picture_id, who) for one in page.pictures]


def takes_out(hub: Hub, by: str, number: int = 1) -> None:
    answers(
        hub,
        CasePictureGone(
            request_id=f"g-{number}",
            picture_id=f"p-{number}",
            case_id="k-1",
            asked_at=hub.clock(),
            staff_id=by,
        ),
    )


def test_a_picture_is_kept_once_and_its_hash_is_on_record_without_it(hub: Hub) -> None:
    opens(hub)
    picture = brings(1)
    for _ in range(2):
        answers(hub, picture)
    assert shown(hub, LI) == shown(hub, CHEN) == [picture.content]
    assert shown(hub, WU) == []
    assert HubCases(hub, PostBox()).picture("k-1", "p-1", WU) is None
    noted = "select body from journal where kind = 'CasePictured'"
    ((body,),) = hub.inbox.db.execute(noted).fetchall()
    assert picture.sha256 in body
    assert '"content"' not in body.replace('"content":""', "")


def test_a_case_has_room_for_so_many_and_the_visitor_s_come_with_what_they_said(
    hub: Hub, clock: FakeClock
) -> None:
    opens(hub, "feedback", None)
    for number in range(MOST_PICTURES_OF_VISITOR):
        answers(hub, brings(number, staff_id=None))
    with pytest.raises(MessageError):
        answers(hub, brings(8, staff_id=None))
    for number in range(MOST_PICTURES_OF_VISITOR, MOST_PICTURES):
        answers(hub, brings(number, staff_id="chen"))
    with pytest.raises(MessageError):
        answers(hub, brings(9, staff_id="chen"))
    takes_out(hub, "chen", 1)
    answers(hub, brings(9, staff_id="chen"))
    assert len(shown(hub, CHEN)) == MOST_PICTURES
    takes_out(hub, "chen", 0)
    takes_out(hub, "chen", 2)
    clock.pass_s(601)
    with pytest.raises(MessageError):
        answers(hub, brings(7, staff_id=None))


def test_nobody_else_brings_or_takes_out_and_what_changed_on_its_way_is_refused(hub: Hub) -> None:
    opens(hub)
    answers(hub, brings(1))
    for strange in (
        brings(2, staff_id="wu"),
        brings(2, staff_id=None),
        brings(2, case_id="k-9"),
        replace(brings(2), content=b"\xff\xd8\xff another"),
    ):
        with pytest.raises(MessageError):
            answers(hub, strange)
    with pytest.raises(MessageError):
        takes_out(hub, "wu")
    assert len(shown(hub, LI)) == 1
    takes_out(hub, "li")
    takes_out(hub, "li")
    assert shown(hub, LI) == []


def test_pictures_go_with_the_person_who_is_erased(hub: Hub, clock: FakeClock) -> None:
    opens(hub)
    answers(hub, brings(1))
    clock.moment += timedelta(days=1)
    request = PersonRequest(request_id="q-1", purpose=Purpose.ERASE, asked_at=clock(), phone=PHONE)
    answers(hub, request)
    time_passes(hub)
    assert shown(hub, CHEN) == []


def test_pictures_of_a_closed_case_go_after_their_time_and_those_of_an_open_one_stay(
    hub: Hub, clock: FakeClock
) -> None:
    opens(hub, phone=None)
    answers(hub, brings(1))
    days = Retention().case_pictures_days + 2
    night(hub, clock, days)
    assert len(shown(hub, CHEN)) == 1, "somebody still works on it"
    for number, act in enumerate(("solve", "close")):
        answers(
            hub,
            CaseStep(
                step_id=f"t-{number}",
                case_id="k-1",
                asked_at=clock(),
                staff_id="chen",
                act=act,
            ),
        )
    night(hub, clock, days + 2)
    assert shown(hub, CHEN) == []
