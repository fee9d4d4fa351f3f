from pathlib import Path
from types import SimpleNamespace
from typing import cast

from broker.doctor import files
from broker.doctor.patient import Patient
from broker.handlers.context import Hub
from tests.fakes import FakeClock


def test_what_the_hub_itself_failed_at_is_wrong_and_what_others_sent_only_good_to_know(
    hub: Hub, tmp_path: Path, clock: FakeClock
) -> None:
    for topic in ("outbox/Alert", "due", "yingbin/v1/xihu/gate/north/arrival"):
        hub.inbox.reject(topic, b"", "a bug", clock())
    patient = cast("Patient", SimpleNamespace(database=tmp_path, clock=clock))
    found = {finding.key: finding for finding in files.set_aside(patient)}
    assert found["own_rejected"].is_wrong
    assert found["own_rejected"].values["count"] == 2
    assert not found["rejected"].is_wrong
    assert found["rejected"].values["count"] == 1


def test_who_flooded_the_hub_is_named_for_a_day(hub: Hub, tmp_path: Path, clock: FakeClock) -> None:
    patient = cast("Patient", SimpleNamespace(database=tmp_path, clock=clock))
    with hub.decider.atomic():
        assert hub.senders.flooded("kiosk/lobby", clock())
        assert not hub.senders.flooded("kiosk/lobby", clock())
    (found,) = files.floods(patient)
    assert (found.key, found.is_wrong, found.values["name"]) == ("flood", True, "kiosk/lobby")
    clock.pass_s(86_401)
    assert not list(files.floods(patient))
