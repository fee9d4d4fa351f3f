"""Whoever was erased after a backup is gone again as soon as it is restored."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from broker.backup.erased_list import FILE_NAME, beside
from broker.backup.own_copies import OwnCopies
from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from broker.hub.opening import open_hub
from broker.journal.verify import verify
from broker.rules.policy import Policy
from broker.site_file import SitePeople
from broker.store.rebuilt import differences
from shared.config import read_config
from shared.in_use import holding
from tests.broker.backup.office import Office
from tests.erasing import (
    OTHER_PHONE,
    PHONE,
    PLATE,
    TYPED_WRONG,
    a_whole_visit,
    check_in,
    finish,
    left_on_the_disk,
    pass_on,
    request,
    somebody_else,
)
from tests.fakes import NINE, SITE, FakeClock


@contextmanager
def at_work(office: Office, moment_s: float = 0.0) -> Iterator[Hub]:
    """The hub of the office, which knows the site's key."""
    people = read_config(SitePeople, office.place.config / "site.toml")
    copies = OwnCopies(SITE, (office.backups,), office.place.key)
    clock = FakeClock(NINE)
    clock.pass_s(moment_s)
    with holding(office.place.hub, "hub"):
        hub = open_hub(office.place.hub, people, Policy(), clock, copies=copies)
        try:
            yield hub
            hub.journal.seal()
        finally:
            hub.inbox.db.conn.close()


def with_visitors(office: Office) -> None:
    with at_work(office) as hub:
        somebody_else(hub)
        assert isinstance(hub.clock, FakeClock)
        a_whole_visit(hub, hub.clock)
        pass_on(hub)


def erase(office: Office) -> None:
    with at_work(office, 60.0) as hub:
        handle(hub, request(phone=PHONE))
        pass_on(hub)
        let_time_pass(hub)


def left(office: Office) -> list[tuple[str, str]]:
    return left_on_the_disk(office.place.hub, PHONE, PLATE, TYPED_WRONG, "欧阳")


def assert_gone(office: Office) -> None:
    assert left(office) == []
    said: list[str] = []
    assert verify(office.file, said.append) == 0, said
    assert list(differences(office.file)) == []
    assert office.rows("select phone from visits where phone is not null") == [(OTHER_PHONE,)]


def test_a_restored_backup_forgets_who_was_erased_since(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with_visitors(office)
    backup = office.backup()
    erase(office)
    assert office.run("restore", str(backup)) == 0
    assert "erased from it again: 1" in capsys.readouterr().out
    assert_gone(office)


def test_on_a_new_machine_too_where_only_the_backups_are(office: Office) -> None:
    with_visitors(office)
    backup = office.backup()
    erase(office)
    office.backup()
    backup.with_suffix(".old").rename(backup)
    (office.place.hub / FILE_NAME).unlink()
    office.file.unlink()
    assert office.run("restore", str(backup)) == 0
    assert_gone(office)


def test_the_list_holds_no_phone_and_no_plate(office: Office) -> None:
    with_visitors(office)
    erase(office)
    office.backup()
    for path in (office.place.hub / FILE_NAME, beside(office.backups, SITE)):
        text = path.read_text(encoding="ascii")
        assert text.count("\n") > 3
        assert PHONE not in text
        assert path.stat().st_mode & 0o777 == 0o600


def test_who_came_again_after_that_is_in_the_next_backup(office: Office) -> None:
    with_visitors(office)
    erase(office)
    with at_work(office, 120.0) as hub:
        handle(hub, check_in(3, PHONE, checked_in_at=hub.clock()))
        finish(hub, "c-3")
    backup = office.backup()
    assert office.run("restore", str(backup)) == 0
    assert left(office) != []
