from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from broker.doctor.patient import Patient
from broker.doctor.retention_check import OVERDUE, retention
from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from broker.store.last_erasing import LastErasing, note_erasing
from tests.fakes import NINE, FakeClock
from tests.samples import arrival


def found(folder: Path) -> list[tuple[str, bool]]:
    patient = cast("Patient", SimpleNamespace(database=folder))
    return [(finding.key, finding.is_wrong) for finding in retention(patient)]


def last_was(hub: Hub, done: LastErasing) -> None:
    with hub.inbox.db.atomic():
        note_erasing(hub.inbox.db, done)


def test_a_job_that_was_done_is_fine_and_one_that_stands_still_is_wrong(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    assert found(tmp_path) == []
    let_time_pass(hub)
    handle(hub, arrival(number=1, seen_at=clock()))
    last_was(hub, LastErasing(at=NINE))
    assert found(tmp_path) == []
    last_was(hub, LastErasing(at=NINE, erased={"sightings": 3}))
    assert found(tmp_path) == [], "a job that was done is no reason to look"
    last_was(hub, LastErasing(at=NINE, erased={"sightings": 3}, is_complete=False))
    assert found(tmp_path) == [("erasing_goes_on", False)]
    last_was(hub, LastErasing(at=NINE - OVERDUE - timedelta(days=1)))
    assert found(tmp_path) == [("erasing_overdue", True)]


def test_a_site_where_no_hub_ran_lacks_nothing(tmp_path: Path) -> None:
    assert found(tmp_path) == []
