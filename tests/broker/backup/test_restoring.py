"""A backup brought back: onto the same machine, a fresh one, and after a crash."""

import io
import shutil
from pathlib import Path

import msgspec
import pytest

from broker.backup.restoring import BEFORE_KEPT
from broker.certificates.keeping import AUTHORITY_KEY, FOLDER
from broker.handlers.table import handle
from broker.journal.chain import ERASED
from broker.journal.epochs import EPOCH, Epoch
from broker.local.case_questions import CasePictureGone
from broker.local.questions import CaseOpened, PersonRequest, Purpose
from broker.site_key.key import make_key, read_key
from broker.site_key.sheet import in_groups
from tests.broker.backup.office import Office, cars, set_up_office
from tests.defect_pictures import brings
from tests.fakes import NINE

JOURNAL = "select seq, hash from journal order by seq"


def proved(office: Office) -> bool:
    return (office.run("verify"), office.run("replay")) == (0, 0)


def epochs(office: Office) -> list[Epoch]:
    rows = office.rows(f"select body from journal where kind = '{EPOCH}' order by seq")
    return [msgspec.json.decode(body, type=Epoch) for (body,) in rows]


def before(folder: Path) -> list[Path]:
    return sorted(folder.glob("before-*"))


@pytest.fixture
def backup(office: Office) -> Path:
    """Of a site that went on working afterwards."""
    with office.at_work() as hub:
        cars(hub, range(1, 10))
        made = office.backup()
        cars(hub, range(10, 15))
    return made


def test_the_site_stands_as_it_stood_and_a_new_epoch_is_on_record(
    office: Office, backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    full = office.rows(JOURNAL)
    assert office.run("restore", str(backup)) == 0
    said = capsys.readouterr().out
    *old, (last, _) = office.rows(JOURNAL)
    assert old == full[: len(old)]
    assert f"{len(full) - len(old)} entries more" in said
    (epoch,) = epochs(office)
    assert (epoch.epoch, epoch.backup) == (2, backup.name)
    assert (epoch.head_seq, epoch.head) == tuple(old[-1])
    assert last == epoch.head_seq + 1
    assert proved(office)
    assert "epoch 2 begins" in capsys.readouterr().out


def test_what_was_there_is_kept_whole_beside_it(office: Office, backup: Path) -> None:
    full, toml = office.rows(JOURNAL), office.toml.read_text(encoding="utf-8")
    office.toml.write_text(toml + "# since the backup\n", encoding="utf-8")
    assert office.run("restore", str(backup)) == 0
    (kept,) = before(office.place.hub)
    assert office.rows(JOURNAL, kept / "hub.sqlite3") == full
    (settings,) = before(office.place.config)
    assert (settings / "hub.toml").read_text(encoding="utf-8").endswith("# since the backup\n")
    assert office.toml.read_text(encoding="utf-8") == toml
    assert kept.stat().st_mode & 0o777 == settings.stat().st_mode & 0o777 == 0o700


def test_the_hub_goes_on_from_there(office: Office, backup: Path) -> None:
    assert office.run("restore", str(backup)) == 0
    with office.at_work() as hub:
        cars(hub, range(20, 25))
    assert proved(office)


def test_each_restore_opens_an_epoch_of_its_own_even_from_the_same_backup(
    office: Office, backup: Path
) -> None:
    ids = []
    for number in (2, 3):
        place = office.place
        for folder in (place.config, place.hub, *place.besides.values()):
            for kept in before(folder):
                shutil.rmtree(kept)
        assert office.run("restore", str(backup)) == 0
        (epoch,) = epochs(office)
        assert epoch.epoch == number
        ids.append(epoch.restore_id)
    assert len(set(ids)) == 2


def test_a_running_hub_is_not_touched(
    office: Office, backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with office.at_work():
        assert office.run("restore", str(backup)) == 1
        assert "Stop it first" in capsys.readouterr().err
    assert before(office.place.hub) == []
    assert proved(office)


def test_another_site_s_key_changes_nothing(
    office: Office, backup: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_key(tmp_path / "other.key")
    full = office.rows(JOURNAL)
    assert office.run("restore", str(backup), "--key", str(tmp_path / "other.key")) == 1
    assert "cannot be opened" in capsys.readouterr().err
    assert office.rows(JOURNAL) == full
    assert before(office.place.hub) == before(office.place.config) == []


def settings(office: Office) -> dict[str, bytes]:
    """The settings and the site's key; each program has its own key for its data."""
    found = office.place.config.glob("*.*")
    return {path.name: path.read_bytes() for path in found if not path.match("*.data.key")}


def test_a_dead_hub_comes_back_on_a_fresh_machine_with_the_key_from_the_sheet(
    office: Office, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = read_key(office.place.key)
    files = settings(office)
    shutil.rmtree(office.place.config)
    shutil.rmtree(office.place.hub)
    monkeypatch.setattr("sys.stdin", io.StringIO(in_groups(key).lower() + "\n"))
    assert office.run("restore", str(backup), "--key", "-") == 0
    assert settings(office) == files
    assert read_key(office.place.key) == key
    restored = [path for path in office.place.config.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in restored} == {0o600}
    assert proved(office)
    with office.at_work() as hub:
        cars(hub, range(20, 22))


def test_a_machine_that_was_set_up_anew_takes_the_old_key_and_the_old_passwords(
    office: Office, backup: Path, tmp_path: Path
) -> None:
    key = Path(shutil.copy(office.place.key, tmp_path / "kept.key"))
    accounts = (office.place.config / "accounts.json").read_bytes()
    shutil.rmtree(tmp_path / "config")
    shutil.rmtree(office.place.hub)
    (tmp_path / "disk").rename(tmp_path / "old disk")
    assert set_up_office(tmp_path).place == office.place
    file = str(tmp_path / "old disk" / backup.name)
    assert office.run("restore", file, "--key", str(key)) == 0
    assert read_key(office.place.key) == read_key(key)
    assert (office.place.config / "accounts.json").read_bytes() == accounts
    assert proved(office)


def test_what_the_hub_s_own_service_may_not_read_is_written_anew_by_setup(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with office.at_work() as hub:
        cars(hub, range(1, 4))
    (office.place.config / "mqtt.toml").unlink()
    made = office.backup()
    assert office.run("restore", str(made)) == 0
    assert "Not in this backup: mqtt.toml" in capsys.readouterr().out


def test_an_owner_who_is_unknown_here_changes_nothing(
    office: Office, backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    full = office.rows(JOURNAL)
    assert office.run("restore", str(backup), "--owner", "nobody-of-that-name") == 1
    assert "no such user" in capsys.readouterr().err
    assert office.rows(JOURNAL) == full


def test_the_log_of_a_hub_that_was_killed_does_not_spoil_what_is_restored(
    office: Office, backup: Path, tmp_path: Path
) -> None:
    crashed = tmp_path / "crashed"
    with office.at_work() as hub:
        cars(hub, range(30, 40))
        shutil.copytree(office.place.hub, crashed)
    shutil.rmtree(office.place.hub)
    shutil.copytree(crashed, office.place.hub)
    assert (office.place.hub / "hub.sqlite3-wal").stat().st_size
    assert office.run("restore", str(backup)) == 0
    assert proved(office)
    (kept,) = before(office.place.hub)
    assert max(office.rows(JOURNAL, kept / "hub.sqlite3")) > max(office.rows(JOURNAL))


def test_who_was_erased_since_and_is_on_no_list_is_told_because_they_are_back(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with office.at_work() as hub:
        cars(hub, range(1, 4))
        made = office.backup()
        request = PersonRequest(
            request_id="r-1", purpose=Purpose.ERASE, asked_at=NINE, plate="浙A00002"
        )
        handle(hub, request)
        hub.journal.seal()
    assert office.rows(f"select 1 from journal where kind = '{ERASED}'")
    assert office.run("restore", str(made)) == 0
    assert "erased 1 times" in capsys.readouterr().out


def test_pictures_drawn_areas_and_what_tells_hand_edits_come_back_too(
    office: Office, tmp_path: Path
) -> None:
    with office.at_work() as hub:
        cars(hub, range(1, 3))
    besides = office.place.besides
    belongings = {
        besides["pictures"] / "li.jpg": b"\xff\xd8 a face",
        besides["gate"] / "areas.json": b'{"read": []}',
        besides["as_written"] / "hub.toml": (besides["as_written"] / "hub.toml").read_bytes(),
    }
    for path, body in belongings.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(body)
    (besides["gate"] / "gate.sqlite3").write_bytes(b"what waits there is the gate's own")
    made = office.backup()
    key = Path(shutil.copy(office.place.key, tmp_path / "kept.key"))
    shutil.rmtree(office.place.config)
    shutil.rmtree(office.place.hub.parent)
    assert office.run("restore", str(made), "--key", str(key)) == 0
    assert {path: path.read_bytes() for path in belongings} == belongings
    assert not (besides["gate"] / "gate.sqlite3").exists()


def test_phones_go_on_trusting_a_site_that_was_restored_on_another_card(
    office: Office, tmp_path: Path
) -> None:
    with office.at_work() as hub:
        cars(hub, range(1, 3))
    config = office.place.config
    trusted = {
        path: path.read_bytes() for path in (config / AUTHORITY_KEY, *(config / FOLDER).iterdir())
    }
    made = office.backup()
    key = Path(shutil.copy(office.place.key, tmp_path / "kept.key"))
    shutil.rmtree(config)
    shutil.rmtree(office.place.hub.parent)
    assert office.run("restore", str(made), "--key", str(key)) == 0
    assert {path: path.read_bytes() for path in trusted} == trusted
    assert {path.stat().st_mode & 0o077 for path in trusted} == {0}


def test_earlier_states_never_fill_the_disk(office: Office, backup: Path) -> None:
    for number in range(6):
        (office.place.hub / f"before-2020010{number + 1}T000000Z").mkdir()
    assert office.run("restore", str(backup)) == 0
    kept = before(office.place.hub)
    assert len(kept) == BEFORE_KEPT
    assert (kept[-1] / "hub.sqlite3").exists()


def test_a_picture_of_a_defect_comes_back_and_no_backup_shows_it_in_plain(office: Office) -> None:
    picture = brings(1, staff_id="chen")
    with office.at_work() as hub:
        case = CaseOpened(
            case_id="k-1", asked_at=NINE, kind_of_case="repair", text="灯坏了", staff_id="chen"
        )
        for message in (case, picture):
            handle(hub, message)
    made = office.backup()
    assert picture.content not in made.read_bytes()
    with office.at_work() as hub:
        gone = CasePictureGone(
            request_id="g-1", picture_id="p-1", case_id="k-1", asked_at=NINE, staff_id="chen"
        )
        handle(hub, gone)
    assert office.rows("select * from case_pictures") == []
    assert office.run("restore", str(made)) == 0
    assert office.rows("select picture_id, content from case_pictures") == [
        ("p-1", picture.content)
    ]
