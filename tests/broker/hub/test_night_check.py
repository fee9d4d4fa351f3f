"""The nightly check of the hub's file; the process that makes it is the real one."""

import itertools
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from broker.handlers.context import Hub
from broker.hub.errand import Errand
from broker.hub.night_check import AT_LEAST, OFTEN, NightCheck
from shared.file_check import checked_at
from shared.messages import Alert, AlertClosed
from shared.sealed_file import connect
from tests.broker.backup.office import Office, cars
from tests.fakes import FakeClock
from tests.waiting import eventually

TWO_AT_NIGHT = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
"""In Hangzhou."""


def check(office: Office) -> Errand:
    return Errand(NightCheck(office.file, office.toml))


def looks() -> Iterator[float]:
    """When it is looked whether a check is due."""
    return itertools.count(NightCheck.first_after_s, 2 * NightCheck.every_s)


def at(hub: Hub, moment: datetime) -> Hub:
    assert isinstance(hub.clock, FakeClock)
    hub.clock.moment = moment
    return hub


def made(nightly: Errand, hub: Hub, at_s: float) -> bool:
    """Whether a check was due; it has come to its end then."""
    nightly.step(hub, at_s)
    if nightly.is_idle:
        return False

    def has_ended() -> bool:
        nightly.step(hub, at_s + 1)
        return nightly.is_idle

    assert eventually(has_ended)
    return True


def told(hub: Hub) -> list[str]:
    waiting = hub.outbox.waiting(1000)
    hub.outbox.forget([row.row for row in waiting])
    alerts = [each.message for each in waiting if isinstance(each.message, Alert)]
    ends = [each.message for each in waiting if isinstance(each.message, AlertClosed)]
    said = [alert.title for alert in alerts if alert.visit_id == "file"]
    return said + ["over" for end in ends if end.visit_id == "file"]


def last_was(office: Office, moment: datetime) -> None:
    note = Path(f"{office.file}.checked")
    os.utime(note, (moment.timestamp(), moment.timestamp()))


def test_a_sound_file_is_checked_once_a_night_and_by_day_only_after_two(office: Office) -> None:
    with office.at_work() as hub:
        cars(hub, range(1, 4))
        at(hub, TWO_AT_NIGHT)
        nightly, look = check(office), looks()
        assert not made(nightly, hub, 0.0)
        assert made(nightly, hub, next(look))
        assert checked_at(office.file) == TWO_AT_NIGHT
        assert not made(nightly, at(hub, TWO_AT_NIGHT + timedelta(hours=1)), next(look))
        last_was(office, TWO_AT_NIGHT - OFTEN - timedelta(minutes=1))
        noon = TWO_AT_NIGHT + timedelta(hours=10)
        assert not made(nightly, at(hub, noon), next(look))
        assert made(nightly, at(hub, TWO_AT_NIGHT), next(look))
        last_was(office, noon - AT_LEAST - timedelta(minutes=1))
        assert made(nightly, at(hub, noon), next(look))
        assert told(hub) == []


def test_what_is_wrong_is_told_once_and_the_next_start_looks_at_the_whole_file(
    office: Office,
) -> None:
    with office.at_work() as hub:
        cars(hub, range(1, 6))
        told(hub)
        at(hub, TWO_AT_NIGHT)
        with closing(connect(office.file)) as db, db:
            db.execute("update journal set body = '{}' where seq = 3")
        nightly, look = check(office), looks()
        nightly.step(hub, 0.0)
        said = []
        for _ in range(2):
            assert made(nightly, hub, next(look))
            said.append(told(hub))
            last_was(office, TWO_AT_NIGHT - OFTEN - timedelta(minutes=1))
        assert said == [["数据文件损坏"], []]
    assert Path(f"{office.file}.suspect").exists()
