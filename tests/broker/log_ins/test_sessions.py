"""Log-ins and the accounts of their pages: they end when the hub says so, also after a restart."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from broker.log_ins.sessions import MOST_PAGES, LogIns
from tests.broker.console.fake_site import NINE, StandingClock

EVENING = NINE + timedelta(hours=14)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log_ins.sqlite3"


def test_a_log_in_is_known_by_its_secret_and_by_nothing_else(
    clock: StandingClock, path: Path
) -> None:
    log_ins = LogIns(clock, path)
    secret = log_ins.begin("li", "stamp", EVENING)
    found = log_ins.find(secret)
    assert found is not None
    assert (found.staff_id, found.stamp, found.until) == ("li", "stamp", EVENING)
    for guess in ("", secret[:-1], "li", "stamp"):
        assert log_ins.find(guess) is None


def test_a_copy_of_the_file_opens_nothing_and_others_cannot_read_it(
    clock: StandingClock, path: Path
) -> None:
    log_ins = LogIns(clock, path)
    secret = log_ins.begin("li", "stamp", EVENING)
    assert secret.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    (name,) = sqlite3.connect(path).execute("select name from log_ins").fetchone()
    assert log_ins.find(name) is None


def test_after_a_restart_everybody_is_as_they_were(clock: StandingClock, path: Path) -> None:
    before = LogIns(clock, path)
    here, gone = before.begin("li", "s", EVENING), before.begin("li", "s", EVENING)
    account, _ = before.account(here, "d1", ("consultant",))
    before.account(gone, "d1", ("consultant",))
    before.end(gone)
    after = LogIns(clock, path)
    assert after.find(here) is not None
    assert after.find(gone) is None
    assert after.accounts() == (account,)
    assert after.account(here, "d1", ("consultant",)) == (account, False)


@pytest.mark.parametrize("damage", [b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_begun_anew_and_everybody_logs_in_again(
    clock: StandingClock, path: Path, damage: bytes
) -> None:
    before = LogIns(clock, path)
    secret = before.begin("li", "s", EVENING)
    for part in path.parent.glob("log_ins.sqlite3-*"):
        part.unlink()
    path.write_bytes(damage)
    after = LogIns(clock, path)
    assert after.find(secret) is None
    again = after.begin("li", "s", EVENING)
    assert LogIns(clock, path).find(again) is not None


def test_the_evening_ends_a_log_in_and_its_accounts(clock: StandingClock, path: Path) -> None:
    log_ins = LogIns(clock, path)
    secret = log_ins.begin("li", "s", EVENING)
    log_ins.account(secret, "d1", ())
    clock.forward(14 * 3600 - 1)
    log_ins.end_what_is_over()
    assert log_ins.find(secret) is not None
    clock.forward(1)
    assert log_ins.find(secret) is None, "at once, whenever the hub clears up"
    with pytest.raises(LookupError):
        log_ins.account(secret, "d1", ())
    log_ins.end_what_is_over()
    assert log_ins.accounts() == ()


def test_all_log_ins_of_a_person_end_and_nobody_else_s(clock: StandingClock) -> None:
    log_ins = LogIns(clock)
    li = [log_ins.begin("li", "s", EVENING) for _ in range(2)]
    wang = log_ins.begin("wang", "s", EVENING)
    for secret in (*li, wang):
        log_ins.account(secret, "d1", ())
    assert log_ins.count_of("li") == 2
    assert log_ins.end_all_of("li") == 2
    assert [log_ins.find(secret) is None for secret in (*li, wang)] == [True, True, False]
    assert [account.node_id for account in log_ins.accounts()] == ["wang"]


def test_each_page_has_an_account_of_its_own_and_the_oldest_goes_first(
    clock: StandingClock,
) -> None:
    log_ins = LogIns(clock)
    secret = log_ins.begin("li", "s", EVENING)
    made = [log_ins.account(secret, f"d{number}", ())[0] for number in range(MOST_PAGES + 2)]
    assert log_ins.accounts() == tuple(made[2:])
    assert len({account.password for account in made}) == len(made)
    assert all(account.client_id == account.username for account in made)


def test_new_posts_mean_a_new_account(clock: StandingClock) -> None:
    log_ins = LogIns(clock)
    secret = log_ins.begin("li", "s", EVENING)
    before, _ = log_ins.account(secret, "d1", ("consultant",))
    after, is_new = log_ins.account(secret, "d1", ("consultant", "manager"))
    assert is_new
    assert before != after
    assert log_ins.accounts() == (after,)


def test_a_ticket_is_good_once_also_after_a_restart_and_forgotten_when_over(
    clock: StandingClock, path: Path
) -> None:
    log_ins = LogIns(clock, path)
    assert log_ins.use("ticket a", NINE + timedelta(minutes=10))
    assert not log_ins.use("ticket a", NINE + timedelta(minutes=10))
    assert not LogIns(clock, path).use("ticket a", NINE + timedelta(minutes=10))
    clock.forward(601)
    assert LogIns(clock, path).use("ticket b", NINE + timedelta(minutes=20))
    names = sqlite3.connect(path).execute("select name from ended").fetchall()
    assert names == [("ticket b",)]
