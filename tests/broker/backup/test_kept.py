from datetime import datetime, timedelta
from pathlib import Path

from broker.backup.kept import backups_in, name_of, superseded, thin_out
from tests.fakes import NINE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def left_after(days: int) -> list[str]:
    """The backups of a site that makes one an hour, and thins them out each time."""
    kept: set[datetime] = set()
    for hour in range(days * 24):
        kept.add(NINE + hour * HOUR)
        kept -= superseded(kept)
    return sorted(f"{moment:%Y-%m-%d %H}" for moment in kept)


def test_a_day_of_hours_two_weeks_of_days_and_a_year_of_months_are_kept() -> None:
    left = left_after(500)
    newest = NINE + 500 * DAY - HOUR
    hours = {f"{newest - n * HOUR:%Y-%m-%d %H}" for n in range(24)}
    assert hours <= set(left)
    assert len({name[:10] for name in left}) >= 14
    assert len({name[:7] for name in left}) == 12
    assert len(left) <= 24 + 14 + 12


def test_the_newest_backup_is_never_deleted_however_the_clock_ran() -> None:
    moments = [NINE, NINE + timedelta(seconds=1), NINE - 900 * DAY]
    assert superseded(moments) == {NINE}


def test_only_this_site_s_backups_are_looked_at(tmp_path: Path) -> None:
    names = [
        name_of("xihu", NINE),
        name_of("xihu", NINE + timedelta(seconds=9)),
        name_of("xihu-2", NINE),
        f".{name_of('xihu', NINE)}.part",
        "holiday.jpg",
    ]
    for name in names:
        (tmp_path / name).touch()
    assert list(backups_in(tmp_path, "xihu")) == [NINE, NINE + timedelta(seconds=9)]
    thin_out(tmp_path, "xihu")
    assert {path.name for path in tmp_path.iterdir()} == set(names[1:])
