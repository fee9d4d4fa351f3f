"""What the registers say of somebody who was erased: nothing, and as much as before."""

import hashlib
from typing import Any

from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.local.case_questions import CasePictured
from broker.local.questions import CaseOpened
from broker.registers.all_registers import REGISTERS
from broker.registers.sheets import Reader
from shared.messages import Outcome, ReportKind
from tests.busy_day import report
from tests.erasing import PHONE, PLATE, a_whole_visit, pass_on, request, somebody_else
from tests.fakes import FakeClock
from tests.hub_fixtures import clock, hub
from tests.register_rows import rows

__all__ = ["clock", "hub"]

WHOLE = Reader(None, is_whole=True)
PICTURE = b"\xff\xd8\xff of a crack"
TRACES = (PHONE, PLATE, "欧阳", "靠窗", "139****1111")
NAMED_IN = {
    *("visits", "self_drive", "calls", "diary", "wishes", "follow_ups", "plans", "look_ups"),
    *("complaints", "cases", "open_cases", "rotation"),
}


def everything_said_of(hub: Hub, clock: FakeClock) -> None:
    """The visitor in each register that names customers, in columns and in free text."""
    a_whole_visit(hub, clock)
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    host, note = visit.host_id or "li", f"欧阳先生 {PHONE} 想要靠窗的房子"
    report(hub, ReportKind.WISHES, host, visit_id=visit.visit_id, note=note)
    of = "select registration_id, consultant_id from registrations where phone = ?"
    ((entry, owner),) = hub.inbox.db.execute(of, [PHONE]).fetchall()
    said = {"registration_id": entry, "outcome": Outcome.NO_ANSWER, "note": note}
    report(hub, ReportKind.FOLLOWED_UP, owner, **said)
    told: dict[str, Any] = {"text": note, "note": note, "phone": PHONE, "name": "欧阳"}
    case = CaseOpened(
        case_id="k-1", asked_at=hub.clock(), kind_of_case="complaint", staff_id="li", **told
    )
    handle(hub, case)
    handle(
        hub,
        CasePictured(
            picture_id="p-1",
            case_id="k-1",
            asked_at=hub.clock(),
            staff_id="li",
            content=PICTURE,
            sha256=hashlib.sha256(PICTURE).hexdigest(),
        ),
    )


def sheets(hub: Hub) -> dict[str, list[str]]:
    return {
        name: [" ".join(map(str, row.cells)) for row in rows(hub, name, WHOLE)]
        for name in REGISTERS
    }


def naming(found: dict[str, list[str]]) -> set[str]:
    return {
        name for name, lines in found.items() for line in lines if any(t in line for t in TRACES)
    }


def test_no_register_names_whoever_was_erased_and_each_keeps_its_count(
    hub: Hub, clock: FakeClock
) -> None:
    somebody_else(hub)
    everything_said_of(hub, clock)
    pass_on(hub)
    before = sheets(hub)
    assert naming(before) >= NAMED_IN, "or the test would prove nothing"
    assert hub.inbox.db.execute("select 1 from case_pictures").fetchall()
    handle(hub, request(phone=PHONE))
    pass_on(hub)
    after = sheets(hub)
    assert naming(after) == set()
    assert not hub.inbox.db.execute("select 1 from case_pictures").fetchall()
    assert {name: len(lines) for name, lines in after.items()} == {
        name: len(lines) for name, lines in before.items()
    }
    assert after["summary"] == before["summary"], "the day's numbers"
