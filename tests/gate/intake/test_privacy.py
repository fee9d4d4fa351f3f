"""What cameras posted about a person goes with them, and nobody can fill the disk."""

from datetime import timedelta
from typing import Any

import pytest

from gate.intake import spool as spools
from gate.intake.spool import Spool
from gate.vendors.body import Body
from shared.messages import Receipt
from shared.outbox import message_id
from tests.gate.intake.bodies import AT_S, posted, zhenshi
from tests.gate.intake.scene import Intake


def car(plate: str, number: int = 17, **changes: Any) -> Body:
    return posted("/in/zhenshi", zhenshi(plate, number, **changes))


def later(seconds: float) -> dict[str, Any]:
    return {"timeStamp": {"Timeval": {"sec": AT_S + seconds, "usec": 0}}}


def plates(intake: Intake) -> list[str]:
    """The plates in the spool."""
    understand = intake.desk.adapter.understand
    return [read.plate for kept in intake.kept() for read in understand(kept.body).reads]


def test_an_erased_person_is_erased_from_what_cameras_posted_misread_results_too() -> None:
    intake = Intake("zhenshi")
    intake.take(car("浙A1Z345", confidence=61), car("浙A12345", 18))
    intake.take(car("浙B77777", 19, **later(100)))
    intake.clock.pass_s(600)
    intake.take(car("浙A12345", 20, **later(700)))
    assert plates(intake) == ["浙A1Z345", "浙A12345", "浙B77777", "浙A12345"]
    erased = message_id(intake.told()[0])
    receipt = Receipt(node_id="north", ids=(erased,), stored_at=intake.clock(), erased=(erased,))
    intake.link.deliver(receipt)
    intake.courier.step(0)
    intake.desk.turn()
    assert plates(intake) == ["浙B77777"]


def test_a_hostile_lan_fills_no_disk_and_what_was_not_read_is_kept() -> None:
    intake = Intake("zhenshi")
    intake.spool.budget_bytes = 20_000
    for number in range(100):
        intake.take(Body(b"%05d" % number + b"x" * 995))
    sizes = [len(kept.body.data) for kept in intake.kept()]
    assert 10_000 <= sum(sizes) <= 20_000
    assert intake.kept()[-1].body.data.startswith(b"00099")


def test_a_flood_that_nobody_reads_is_refused_and_takes_nothing_of_what_came_before() -> None:
    intake = Intake("zhenshi")
    intake.spool.budget_bytes = 10_000
    answers = [intake.post(Body(b"%05d" % number + b"x" * 995)).status_code for number in range(15)]
    assert answers == [200] * 10 + [503] * 5
    assert intake.kept()[0].body.data.startswith(b"00000")
    intake.desk.turn()
    assert intake.post(car("浙A12345")).status_code == 200


def test_ids_of_results_do_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spools, "RESULTS_KEPT", 3)
    intake = Intake("zhenshi")
    intake.take(*(car(f"浙A1234{number}", 20 + number) for number in range(6)))
    spool: Spool = intake.spool
    spool.delete_old(intake.clock() + timedelta(hours=1), 7)
    assert intake.db.execute("select count(*) from results").fetchone() == (3,)
