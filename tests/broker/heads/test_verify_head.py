"""Who has the machine, root's rights and all its keys still cannot undo a head that has left it."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import yingbin
from broker.journal.chain import Head
from broker.journal.entries import Heads, entries
from broker.journal.signed_head import MARK, SignedHead, heads_in
from broker.site_key.signing import FILE_NAME, make_signer
from shared.sealed_file import connect, sqlite3
from tests.broker.backup.office import Office, cars

Capture = pytest.CaptureFixture[str]


def head_now(office: Office, capsys: Capture) -> str:
    """What the manager scans."""
    capsys.readouterr()
    assert office.run("head", "--on", "2026-11-23") == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith(MARK)]
    return line


def verified(office: Office, capsys: Capture, *words: str) -> tuple[int, str]:
    capsys.readouterr()
    status = office.run("verify", *words)
    return status, capsys.readouterr().out


def rewrite_everything(office: Office, edit: Callable[[sqlite3.Connection], object]) -> None:
    """Another past, hashed anew from its first entry to its last, with other notes beside it."""
    with closing(connect(office.file)) as db:
        edit(db)
        last = None
        for seq in [seq for (seq,) in db.execute("select seq from journal order by seq")]:
            previous = last.hash if last else "0" * 64
            db.execute("update journal set previous = ? where seq = ?", [previous, seq])
            (digest,) = (each.digest for each in entries(db, after=seq - 1) if each.seq == seq)
            db.execute("update journal set hash = ? where seq = ?", [digest, seq])
            last = Head(seq, digest, "2026-11-23")
        db.commit()
    assert last
    notes = office.file.with_name("journal.heads")
    notes.unlink()
    Heads(notes).note(last)


def tell_another_time(db: sqlite3.Connection) -> None:
    """A car is said to have come half a minute later: enough in a dispute about who was first."""
    (at,) = db.execute("select at from journal where seq = 4").fetchone()
    later = (datetime.fromisoformat(at) + timedelta(seconds=30)).isoformat()
    db.execute("update journal set at = ? where seq = 4", [later])


def test_a_journal_rewritten_with_its_hashes_and_notes_is_found_by_a_head_from_outside(
    office: Office, capsys: Capture, tmp_path: Path
) -> None:
    outside = head_now(office, capsys)
    assert verified(office, capsys, "--head", outside)[0] == 0
    rewrite_everything(office, tell_another_time)
    status, said = verified(office, capsys)
    assert (status, "not what was written" in said) == (0, False)  # from inside all fits
    status, said = verified(office, capsys, "--head", outside)
    assert status == 1
    assert "the journal up to that day was rewritten" in said
    # With the site's own key one may sign the new past; the line outside stays as it was.
    assert verified(office, capsys, "--head", head_now(office, capsys))[0] == 0
    assert verified(office, capsys, "--head", outside)[0] == 1


def test_a_key_that_was_replaced_is_found_with_the_one_on_the_sheet(
    office: Office, capsys: Capture
) -> None:
    outside, key = head_now(office, capsys), office.place.config / FILE_NAME
    on_the_sheet = make_signer(key).public
    rewrite_everything(office, tell_another_time)
    key.unlink()
    make_signer(key)
    status, said = verified(office, capsys, "--head", outside)
    assert (status, "somebody replaced the key" in said) == (1, True)
    status, said = verified(office, capsys, "--head", outside, "--head-key", on_the_sheet)
    assert (status, "was rewritten" in said) == (1, True)


def test_an_end_that_was_cut_off_is_found(office: Office, capsys: Capture) -> None:
    outside = head_now(office, capsys)
    rewrite_everything(office, lambda db: db.execute("delete from journal where seq > 5"))
    status, said = verified(office, capsys, "--head", outside)
    assert (status, "its end was cut off" in said) == (1, True)


def test_a_journal_that_went_on_still_holds_every_older_head(
    office: Office, capsys: Capture, tmp_path: Path
) -> None:
    kept = tmp_path / "heads.txt"
    kept.write_text(f"{head_now(office, capsys)}\n", encoding="utf-8")
    with office.at_work() as hub:
        cars(hub, range(8, 12))
    with kept.open("a", encoding="utf-8") as file:
        file.write(f"> {head_now(office, capsys)}")
    status, said = verified(office, capsys, "--head", str(kept))
    assert (status, said.count("it fits")) == (0, 2)


def test_a_changed_line_is_no_longer_the_site_s(office: Office, capsys: Capture) -> None:
    (head,) = heads_in(head_now(office, capsys))
    for other in (
        SignedHead(head.site, "2026-11-24", head.epoch, head.seq, head.hash, head.signature),
        SignedHead(head.site, head.on, head.epoch, head.seq - 1, head.hash, head.signature),
        SignedHead(head.site, head.on, head.epoch, head.seq, "0" * 64, head.signature),
    ):
        status, said = verified(office, capsys, "--head", other.text)
        assert (status, "not signed with this site's key" in said) == (1, True)


def test_entries_that_a_restore_lost_are_explained_by_it(office: Office, capsys: Capture) -> None:
    backup = office.backup()
    with office.at_work() as hub:
        cars(hub, range(8, 12))
    outside = head_now(office, capsys)
    assert office.run("restore", str(backup)) == 0
    status, said = verified(office, capsys, "--head", outside)
    assert status == 1
    assert f"restored from {backup.name}" in said
    assert verified(office, capsys, "--head", head_now(office, capsys))[0] == 0


def test_a_restored_site_keeps_its_signing_key(office: Office) -> None:
    key = office.place.config / FILE_NAME
    backup, before = office.backup(), make_signer(key).public
    key.unlink()
    assert office.run("restore", str(backup), "--key", str(office.place.key)) == 0
    assert make_signer(key).public == before
    assert key.stat().st_mode & 0o777 == 0o600


def test_what_is_no_head_and_no_key_says_what_to_give(office: Office, capsys: Capture) -> None:
    outside = head_now(office, capsys)
    assert office.run("verify", "--head", "yingbin-head xihu") == 1
    assert "begins with yingbin-head" in capsys.readouterr().err
    assert office.run("verify", "--head", outside, "--head-key", "abc") == 1
    assert "44 characters" in capsys.readouterr().err
    (office.place.config / FILE_NAME).unlink()
    assert office.run("verify", "--head", outside) == 1
    assert "--head-key" in capsys.readouterr().err
    assert not (office.place.config / FILE_NAME).exists()


def test_a_wrapped_and_quoted_line_is_read(office: Office, capsys: Capture) -> None:
    line = head_now(office, capsys)
    (head,) = heads_in("链头\n" + line.replace(" ", "\n ", 5))
    assert head.text == line


def test_without_a_journal_there_is_nothing_to_sign(tmp_path: Path, capsys: Capture) -> None:
    assert yingbin.main(["--lang", "en", "head", "--data", str(tmp_path)]) == 1
    assert "hub.sqlite3" in capsys.readouterr().err
