"""What `yingbin verify` says, and whether it calls the journal good."""

from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from broker.journal.chain import ERASED, Erasure
from broker.journal.entries import Heads, Journal
from broker.journal.verify import PROBLEMS_SHOWN, verify
from broker.store.schema import migrations
from shared.outbox import open_database
from shared.sealed_file import connect
from tests.broker.journal.written import body_of, write_journal
from tests.fakes import NINE


def verified(path: Path) -> tuple[int, list[str]]:
    said: list[str] = []
    return verify(path, said.append), said


def edited(path: Path, count: int) -> Path:
    """The journal with its first ``count`` entries changed."""
    with closing(connect(path)) as db:
        db.execute("update journal set body = '{}' where seq <= ?", [count])
        db.commit()
    return path


def test_a_whole_journal_says_its_length_and_its_last_hash(tmp_path: Path) -> None:
    path = write_journal(tmp_path, 3)
    failed, (line,) = verified(path)
    with closing(connect(path)) as db:
        (digest,) = db.execute("select hash from journal where seq = 3").fetchone()
    assert failed == 0
    assert "3 entries, each as it was written" in line
    assert digest in line


def test_a_new_file_has_an_empty_journal_and_needs_no_notes(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite3"
    db = open_database(path)
    migrations.apply(db)
    db.conn.close()
    failed, (line,) = verified(path)
    assert failed == 0
    assert "0 entries" in line


@pytest.mark.parametrize("problems", [1, PROBLEMS_SHOWN - 1, PROBLEMS_SHOWN, PROBLEMS_SHOWN + 5])
def test_the_first_twenty_problems_are_named_and_that_there_may_be_more(
    tmp_path: Path, problems: int
) -> None:
    failed, said = verified(edited(write_journal(tmp_path, PROBLEMS_SHOWN + 10), problems))
    assert failed == 1
    named = [line for line in said if line.startswith("entry ")]
    assert len(named) == min(problems, PROBLEMS_SHOWN)
    assert named[0].startswith("entry 1: edited")
    assert any("perhaps more" in line for line in said) is (problems >= PROBLEMS_SHOWN)
    assert "not what was written" in said[-1]


def test_notes_that_are_missing_are_missed(tmp_path: Path) -> None:
    path = write_journal(tmp_path, 3)
    path.with_name("journal.heads").unlink()
    failed, said = verified(path)
    assert failed == 1
    assert "journal.heads is missing" in said[0]
    assert not said[0].startswith("entry")


def test_who_was_erased_when_and_at_whose_wish_is_said(tmp_path: Path) -> None:
    path = write_journal(tmp_path, 3)
    db = open_database(path)
    journal = Journal(db, Heads(path.with_name("journal.heads")))
    left = tuple(journal.redact(seq, body_of(seq, "gone")) for seq in (1, 2))
    vouches = msgspec.json.encode(Erasure(asked_by="visitor", entries=left))
    journal.append(ERASED, "", vouches, NINE)
    db.conn.commit()
    journal.seal()
    db.conn.close()
    failed, (erasure, whole) = verified(path)
    assert failed == 0
    assert erasure == "entry 4: 2 entries lost a person on 2026-11-23, asked by visitor."
    assert "4 entries, each other one as it was written" in whole
