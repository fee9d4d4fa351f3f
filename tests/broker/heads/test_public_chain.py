"""A head office checks the journal's chain, and its end, without anybody's data."""

from pathlib import Path

import pytest

import yingbin
from broker.journal.hub_file import HubFile
from broker.journal.signed_head import MARK
from broker.personal.dossier import of_plate
from broker.personal.erasure import Eraser
from broker.site_key.signing import FILE_NAME, make_signer
from tests.broker.backup.office import PHONE, Office

Capture = pytest.CaptureFixture[str]


def chain_of(office: Office, folder: Path) -> Path:
    path = folder / "chain.jsonl"
    assert office.run("verify", "--public", str(path)) == 0
    return path


def checked(path: Path, capsys: Capture, *words: str) -> tuple[int, str]:
    """What another machine says, where there is neither hub nor key."""
    capsys.readouterr()
    status = yingbin.main(["--lang", "en", "verify", "--chain", str(path), *words])
    out, error = capsys.readouterr()
    return status, out + error


def test_the_chain_that_leaves_the_house_names_nobody_and_can_be_checked(
    office: Office, capsys: Capture, tmp_path: Path
) -> None:
    path = chain_of(office, tmp_path)
    text = path.read_text(encoding="utf-8")
    assert '"kind":"step"' in text
    for personal in (PHONE, PHONE[:3] + "****", "浙A", "张"):
        assert personal not in text
    assert path.stat().st_mode & 0o777 == 0o600
    status, said = checked(path, capsys)
    assert (status, "each follows the one before" in said) == (0, True)


def test_the_chain_is_the_same_after_a_person_was_erased(
    office: Office, capsys: Capture, tmp_path: Path
) -> None:
    before = chain_of(office, tmp_path).read_text(encoding="utf-8").splitlines()
    with office.at_work() as hub, hub.decider.atomic():
        (plate,) = hub.inbox.db.conn.execute("select plate from visits limit 1").fetchone()
        eraser = Eraser(HubFile(hub.inbox.db.conn), hub.journal, hub.decider)
        assert eraser.erase([of_plate(hub.inbox.db, plate)], "operator", hub.clock()) > 1
    after = chain_of(office, tmp_path).read_text(encoding="utf-8").splitlines()
    assert after[: len(before)] == before
    assert any('"kind":"erased"' in line for line in after[len(before) :])
    assert checked(tmp_path / "chain.jsonl", capsys)[0] == 0


@pytest.mark.parametrize(
    ("was", "becomes"),
    [('"kind":"step"', '"kind":"stop"'), ('"form":1', '"form":0'), ('"sealed":"', '"sealed":"0')],
)
def test_a_chain_that_somebody_changed_is_found(
    office: Office, capsys: Capture, tmp_path: Path, was: str, becomes: str
) -> None:
    path = chain_of(office, tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    last = max(place for place, line in enumerate(lines) if was in line and place)
    lines[last] = lines[last].replace(was, becomes)
    path.write_text("".join(lines), encoding="utf-8")
    status, said = checked(path, capsys)
    assert (status, f"entry {last + 1} is not what was written" in said) == (1, True)


def test_the_chain_s_end_is_held_against_signed_heads(
    office: Office, capsys: Capture, tmp_path: Path
) -> None:
    capsys.readouterr()
    assert office.run("head", "--on", "2026-11-23") == 0
    (head,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith(MARK)]
    path, key = chain_of(office, tmp_path), make_signer(office.place.config / FILE_NAME).public
    status, said = checked(path, capsys, "--head", head, "--head-key", key)
    assert (status, "it fits" in said) == (0, True)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    assert checked(path, capsys)[0] == 0  # whoever has no head can't see that the end is missing
    assert checked(path, capsys, "--head", head, "--head-key", key)[0] == 1
    assert "--head-key" in checked(path, capsys, "--head", head)[1]


def test_what_is_no_chain_is_said_to_be_none(capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "chain.jsonl"
    assert "is no chain" in checked(path, capsys)[1]
    path.write_text("{", encoding="utf-8")
    assert "is no chain" in checked(path, capsys)[1]
