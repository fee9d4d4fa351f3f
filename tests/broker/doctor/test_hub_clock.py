"""``yingbin clock``, and the doctor's line, about a machine's clock that the hub refuses."""

from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from broker.doctor import hub_clock
from broker.doctor.patient import Patient
from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.hub.time_keeping import keeping_time, site_clock
from broker.rules.policy import Policy
from broker.site_clock.clock_file import FILE_NAME
from shared.clock import now, running_s
from shared.command_line import Terminal
from shared.errors import OperatorError
from tests.hub_fixtures import PEOPLE
from tests.running_hub import acting
from tests.waiting import eventually

YEAR = timedelta(days=365)


class Wall:
    """The machine's clock; it may be a year ahead of the real one's."""

    ahead = timedelta(0)

    def __call__(self) -> datetime:
        return now() + self.ahead


@contextmanager
def running(folder: Path, wall: Wall) -> Iterator[Hub]:
    clock = site_clock(folder, wall, running_s)
    hub = open_hub(folder, PEOPLE, Policy(), clock)
    hub = keeping_time(hub, folder, clock, running_s)
    with acting(hub, folder):
        assert eventually((folder / FILE_NAME).exists)
        yield hub


def told(data: Path, *words: str) -> tuple[int, str]:
    with redirect_stdout(said := StringIO()):
        status = hub_clock.main([*words, "--data", str(data)], Terminal("en"))
    return status, said.getvalue()


def findings(folder: Path, wall: Wall) -> list[str]:
    patient: Any = SimpleNamespace(clock=wall, database=folder)
    return [finding.key for finding in hub_clock.hub_clock(cast(Patient, patient))]


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    wall = Wall()
    monkeypatch.setattr(hub_clock, "now", wall)
    return wall


def test_a_person_confirms_the_machine_s_clock_at_the_terminal(tmp_path: Path, wall: Wall) -> None:
    folder = tmp_path / "hub"
    folder.mkdir()
    with running(folder, wall) as hub:
        status, text = told(tmp_path)
        assert (status, "agree" in text) == (0, True)
        assert findings(folder, wall) == []
        wall.ahead = YEAR
        assert eventually(lambda: findings(folder, wall) == ["hub_clock_refused"])
        assert abs(hub.clock() - now()) < timedelta(minutes=1)
        status, text = told(tmp_path)
        assert (status, "refuses" in text) == (1, True)
        status, _text = told(tmp_path, "confirm")
        assert status == 0
        assert eventually(lambda: hub.clock() - now() > YEAR / 2)
        assert eventually(lambda: findings(folder, wall) == [])
        with pytest.raises(OperatorError):
            told(tmp_path, "confirm")
    hub.inbox.db.close()


def test_a_hub_that_never_ran_has_no_time_yet(tmp_path: Path) -> None:
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / "hub.sqlite3").touch()
    with pytest.raises(OperatorError):
        told(tmp_path)
