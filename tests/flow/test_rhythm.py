"""The owner hears how often their customer comes (到访节奏)."""

from datetime import timedelta

from msgspec.structs import replace

from broker.handlers.context import Hub
from shared.messages import Alert, Level, ReportKind
from tests.fakes import FakeClock
from tests.hub_answers import answers, report
from tests.samples import NATURAL

RHYTHM = {"客户频繁到访", "客户首次带家人到访"}


def comes(hub: Hub, clock: FakeClock, number: int, party_size: int = 1) -> dict[str, str | None]:
    """Wang's customer checks in and leaves again; what is told of the rhythm, and to whom."""
    check_in = replace(
        NATURAL,
        check_in_id=f"c-{number}",
        seq=number,
        phone="13800138000",
        checked_in_at=clock(),
        consented_at=clock(),
        party_size=party_size,
    )
    found = [one for one in answers(hub, check_in) if isinstance(one, Alert)]
    visit = hub.visits.of_check_in(check_in.check_in_id)
    assert visit is not None
    assert visit.owner_id == "wang"
    answers(hub, report(ReportKind.FINISHED, "chen", number, visit_id=visit.visit_id))
    told = [one for one in found if one.title in RHYTHM]
    assert {one.level for one in told} <= {Level.INFO}
    return {one.title: one.staff_id for one in told}


def test_an_owner_hears_of_the_third_visit_in_ten_days_and_the_first_with_family(
    hub: Hub, clock: FakeClock
) -> None:
    assert comes(hub, clock, 1) == {}
    clock.pass_s(timedelta(days=3).total_seconds())
    assert comes(hub, clock, 2) == {}
    clock.pass_s(timedelta(days=3).total_seconds())
    assert comes(hub, clock, 3, party_size=3) == dict.fromkeys(RHYTHM, "wang")
    clock.pass_s(timedelta(days=1).total_seconds())
    assert comes(hub, clock, 4, party_size=3) == {}
