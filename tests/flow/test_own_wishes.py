"""What visitors ask for on their own page, to be corrected or erased, and what it may not do."""

from pathlib import Path

from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.journal.replay import replay as play_again
from broker.journal.verify import problems
from broker.local.questions import OwnErasure
from shared.messages import Alert
from tests.erasing import (
    PHONE,
    PLATE,
    a_whole_visit,
    check_in,
    correction,
    finish,
    left_on_the_disk,
    pass_on,
    request,
)
from tests.fakes import NINE, FakeClock
from tests.hub_answers import alerts, answers, count


def test_a_visitor_erases_what_came_of_the_visit(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    a_whole_visit(hub, clock)
    handle(hub, OwnErasure(erasure_id="e-1", check_in_id="c-1", asked_at=NINE))
    pass_on(hub)
    assert left_on_the_disk(tmp_path, PHONE, PLATE, "欧阳先生") == []
    assert count(hub, "own_pages") == 0


def test_who_types_another_s_number_erases_nothing_of_theirs(hub: Hub, tmp_path: Path) -> None:
    """A rival must not take a customer from the owner: the manager is told, nothing is erased."""
    handle(hub, check_in(1, "13800138000"))
    finish(hub, "c-1")
    asked = OwnErasure(erasure_id="e-1", check_in_id="c-1", asked_at=NINE)
    told = alerts(answers(hub, asked))
    pass_on(hub)
    assert "manager" in told
    assert "欧阳先生" in told["manager"].text
    (kept,) = hub.register.search("张女士")
    assert (kept.phone, kept.consultant_id) == ("13800138000", "wang")


def test_once_the_number_is_proved_an_operator_erases_all_of_it(hub: Hub, tmp_path: Path) -> None:
    handle(hub, check_in(1, "13800138000"))
    finish(hub, "c-1")
    handle(hub, OwnErasure(erasure_id="e-1", check_in_id="c-1", asked_at=NINE))
    handle(hub, request(phone="13800138000"))
    pass_on(hub)
    assert left_on_the_disk(tmp_path, "13800138000", "浙A88888") == []
    rows = hub.inbox.db.query("select 1 from erasures where done_at is null")
    assert list(rows) == []


def test_a_corrected_number_moves_no_customer_and_the_manager_hears(hub: Hub) -> None:
    handle(hub, check_in(1, PHONE))
    before = hub.visits.of_check_in("c-1")
    assert before is not None
    told = alerts(answers(hub, correction("13800138000")))
    after = hub.visits.of_check_in("c-1")
    assert after is not None
    assert (after.phone, after.owner_id, after.host_id) == ("13800138000", "li", before.host_id)
    assert "已由王强登记" in told["manager"].text
    assert "13800138000" not in told["manager"].text


def test_who_gives_a_number_that_is_no_owner_s_any_more_is_told_of_too(hub: Hub) -> None:
    handle(hub, check_in(1, "13800138000"))
    told = alerts(answers(hub, correction(PHONE)))
    after = hub.visits.of_check_in("c-1")
    assert after is not None
    assert after.owner_id == "wang"
    assert {"manager", "wang"} <= told.keys()


def test_a_corrected_name_rings_nowhere(hub: Hub) -> None:
    answers(hub, check_in(1, PHONE, plate=PLATE))
    found = answers(hub, replace(correction(PHONE), surname="司徒"))
    assert [message for message in found if isinstance(message, Alert)] == []
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    assert (visit.surname, visit.salutation) == ("司徒", "先生")


def test_corrections_are_replayed_like_all_else(hub: Hub, clock: FakeClock, tmp_path: Path) -> None:
    handle(hub, check_in(1, "13800138000"))
    handle(hub, correction(PHONE))
    finish(hub, "c-1")
    hub.journal.seal()
    assert play_again(tmp_path / "hub.sqlite3", lambda _: None) == 0
    assert list(problems(tmp_path / "hub.sqlite3")) == []
