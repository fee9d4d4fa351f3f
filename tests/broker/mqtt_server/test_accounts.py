import errno
import os
from pathlib import Path

import pytest

from broker.mqtt_server import accounts
from broker.mqtt_server.accounts import (
    Access,
    Account,
    AccountsWatch,
    covers,
    filters,
    new_account,
    overlaps,
    read_accounts,
    write_accounts,
)
from shared.errors import OperatorError
from shared.topics import Party
from tests.fakes import SITE

ROOT = f"yingbin/v1/{SITE}"
LI = new_account(Party.STAFF, "li", ("consultant",))
GUARD = new_account(Party.STAFF, "zhou", ("gate",))
GATE = new_account(Party.GATE, "north")


def may(account: Account, access: Access, topic: str) -> bool:
    allowed = filters(account, access, site=SITE)
    return any(covers(pattern, f"{ROOT}/{topic}") for pattern in allowed)


@pytest.mark.parametrize("topic", ["alert/staff/li", "alert/role/consultant", "alert/closed"])
def test_a_person_reads_what_is_meant_for_them(topic: str) -> None:
    assert may(LI, Access.READ, topic)


@pytest.mark.parametrize(
    "topic",
    ["alert/staff/wang", "alert/role/manager", "gate/north/arrival", "staff/wang/ack", "#"],
)
def test_a_person_reads_nothing_else(topic: str) -> None:
    assert not may(LI, Access.READ, topic)


@pytest.mark.parametrize(
    "topic", ["staff/wang/ack", "alert/staff/li", "alert/closed", "hub/status"]
)
def test_a_person_speaks_for_nobody_else(topic: str) -> None:
    assert may(LI, Access.WRITE, "staff/li/ack")
    assert not may(LI, Access.WRITE, topic)


def test_only_the_guard_corrects_what_a_gate_read() -> None:
    assert may(GUARD, Access.WRITE, "gate/north/correction")
    assert not may(LI, Access.WRITE, "gate/north/correction")


def test_a_gate_says_its_plates_and_speaks_for_no_other_gate() -> None:
    assert may(GATE, Access.WRITE, "say/role/gate")
    assert not may(GATE, Access.WRITE, "say/role/manager")
    assert not may(GATE, Access.WRITE, "gate/south/arrival")


def test_the_monitor_reads_everything_and_writes_nothing() -> None:
    monitor = new_account(Party.MONITOR, "monitor")
    assert may(monitor, Access.READ, "staff/li/ack")
    assert filters(monitor, Access.WRITE, site=SITE) == []


@pytest.mark.parametrize(
    ("allowed", "wanted", "is_covered"),
    [
        ("a/+/c", "a/b/c", True),
        ("a/+/c", "a/+/c", True),
        ("a/b/c", "a/+/c", False),
        ("a/+", "a/#", False),
        ("a/#", "a/b/#", True),
        ("a/#", "a", True),
        ("a/b", "a", False),
        ("a", "a/b", False),
    ],
)
def test_a_filter_covers_another(allowed: str, wanted: str, is_covered: bool) -> None:
    assert covers(allowed, wanted) is is_covered


def test_accounts_are_kept_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "accounts.json"
    write_accounts(path, [LI, GATE])
    assert read_accounts(path) == (LI, GATE)
    assert path.stat().st_mode & 0o077 == 0


def test_passwords_are_long_and_never_the_same() -> None:
    first, other = (new_account(Party.STAFF, "li").password for _ in range(2))
    assert first != other
    assert len(first) >= 20


def test_missing_and_damaged_accounts_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="yingbin setup"):
        read_accounts(tmp_path / "accounts.json")
    (tmp_path / "accounts.json").write_text("[{]", encoding="utf-8")
    with pytest.raises(OperatorError, match="damaged"):
        read_accounts(tmp_path / "accounts.json")


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in memory that holds accounts while the disk takes nothing."""
    folder = tmp_path / "memory"
    folder.mkdir()
    monkeypatch.setattr(accounts, "_IN_MEMORY", folder)
    return folder


def test_on_a_full_disk_accounts_stand_in_memory_until_there_is_room(
    tmp_path: Path, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "accounts.json"
    write_accounts(path, (LI,))
    watch = AccountsWatch(path)
    with monkeypatch.context() as full:
        full.setattr(accounts, "replace_file", refuse)
        write_accounts(path, (LI, GUARD))
    (held,) = memory.iterdir()
    assert held.stat().st_mode & 0o777 == 0o600
    assert watch.changed() == (LI, GUARD) == read_accounts(path)
    write_accounts(path, (GUARD,))
    assert watch.changed() == (GUARD,) == read_accounts(path)
    assert list(memory.iterdir()) == []


def test_accounts_that_a_stranger_puts_into_memory_are_nobody_s(
    tmp_path: Path, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "accounts.json"
    write_accounts(path, (LI,))
    with monkeypatch.context() as full:
        full.setattr(accounts, "replace_file", refuse)
        write_accounts(path, (GUARD,))
    (held,) = memory.iterdir()
    os.chown(held, 12345, 12345)
    assert read_accounts(path) == (LI,)


def refuse(_path: Path, _text: str) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("one", "other", "is_shared"),
    [
        ("homeassistant/device/x/config", "homeassistant/device/+/config", True),
        ("homeassistant/device/x/config", "homeassistant/+/+/+/config", False),
        ("a/+/c", "a/b/+", True),
        ("a/+/c", "a/b/d", False),
        ("a/b", "a/b/#", True),
        ("a", "a/b", False),
        ("#", "a/b", True),
    ],
)
def test_filters_overlap_where_a_topic_fits_both(one: str, other: str, is_shared: bool) -> None:
    assert overlaps(one, other) is is_shared
    assert overlaps(other, one) is is_shared
