"""A backup that is made while the hub works."""

import re
from contextlib import closing

import pytest

from shared.sealed_file import connect
from tests.broker.backup.office import Office, cars, come_in


def test_a_backup_made_during_business_holds_all_that_was_decided_until_then(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with office.at_work() as hub:
        cars(hub, range(1, 20))
        made = office.backup()
        cars(hub, range(20, 25))
        last = hub.journal.head()
    assert re.fullmatch(r"xihu-\d{8}T\d{6}Z\.yingbin-backup", made.name)
    assert made.stat().st_mode & 0o777 == 0o600
    assert office.run("drill", str(made)) == 0
    said = capsys.readouterr().out
    assert "would be restored in" in said
    assert last is not None
    assert int(re.search(r"\((\d+) entries;", said)[1]) < last.seq  # type: ignore[index]


def test_a_backup_is_whole_in_the_middle_of_a_transaction(office: Office) -> None:
    with office.at_work() as hub:
        cars(hub, range(1, 5))
        with hub.decider.atomic():
            come_in(hub, range(5, 9))
            made = office.backup()
        assert office.run("drill", str(made)) == 0


def test_nothing_of_a_visitor_can_be_read_in_it_and_nothing_plain_stays_behind(
    office: Office,
) -> None:
    with office.at_work() as hub:
        cars(hub, range(1, 5))
        made = office.backup()
        assert "浙A00001".encode() not in made.read_bytes()
        assert b"SQLite format" not in made.read_bytes()
        assert list(office.place.hub.glob("scratch-*")) == []
        assert [path.name for path in office.backups.iterdir()] == [made.name]
    left = office.place.hub / "scratch-of-a-killed-run"
    left.mkdir()
    (left / "archive").write_bytes(b"plain")
    office.backup()
    assert not left.exists()


def test_a_damaged_journal_makes_no_backup_and_costs_no_older_one(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with office.at_work() as hub:
        cars(hub, range(1, 5))
    old = office.backup()
    with closing(connect(office.file)) as db:
        db.execute("update journal set body = replace(body, '浙A00001', '浙A99999') where seq > 2")
        db.commit()
    before = old.read_bytes()
    assert office.run("backup", "--to", str(office.backups)) == 1
    assert "is not sound" in capsys.readouterr().err
    assert [path.read_bytes() for path in office.backups.iterdir()] == [before]


@pytest.mark.parametrize("words", [("--to", "/nowhere/at/all"), ()])
def test_without_a_folder_it_says_where_to_write_one(
    office: Office, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.run("backup", *words) == 1
    assert "backup_dir" in capsys.readouterr().err


def test_the_key_is_printed_again_and_a_site_without_one_gets_one(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    was = office.place.key.read_text(encoding="utf-8")
    assert office.run("backup", "--print-key") == 0
    assert was.strip() in capsys.readouterr().out.replace(" ", "")
    office.place.key.unlink()
    assert office.run("backup", "--to", str(office.backups)) == 1
    assert "--print-key" in capsys.readouterr().err
    assert office.run("backup", "--print-key") == 0
    assert office.place.key.exists()


def test_a_file_that_no_longer_opens_fails_the_drill(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with office.at_work() as hub:
        cars(hub, range(1, 5))
    made = office.backup()
    made.write_bytes(made.read_bytes()[:-1])
    assert office.run("drill", str(made)) == 1
    assert "cannot be opened" in capsys.readouterr().err
