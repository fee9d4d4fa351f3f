"""Nobody reads a site's files without its key; with it everything is as before."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from shared import sealed_file
from shared.outbox import open_database
from shared.sealed_file import (
    DATA_KEY_NAME,
    SUMS,
    connect,
    copy_over,
    in_memory,
    is_plain,
    make_data_key,
    scratch,
    sqlite3,
)
from shared.sealing import seal
from tests.small_disk import small_disk

PHONE = "13800138000"
KEY = Path("config", "hub.data.key")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose files are sealed; the key lies in another."""
    (tmp_path / "config").mkdir()
    (tmp_path / "hub").mkdir()
    seal(tmp_path / "hub", tmp_path / KEY)
    return tmp_path / "hub"


def fill(path: Path) -> Database:
    """A file with rows in it, some of them still in the log of commits beside it."""
    db = open_database(path)
    db.execute("create table people (phone text, note text)")
    db.execute("create virtual table texts using fts5(phone, tokenize = trigram)")
    db.execute("create index by_phone on people (phone)")
    for _ in range(200):
        with db.atomic():
            db.execute("insert into people values (?, ?)", [PHONE, "x" * 500])
    with db.atomic():
        db.execute("delete from people where rowid % 3 = 0")
        db.execute("insert into texts values (?)", [PHONE])
        db.conn.execute("pragma user_version = 7")
    return db


def rows(path: Path) -> list[tuple[int, str]]:
    with closing(connect(path, "ro")) as db:
        return db.execute("select rowid, phone from people order by rowid").fetchall()


def files(folder: Path) -> Iterator[bytes]:
    return (path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_neither_the_file_nor_its_log_tells_anything(folder: Path) -> None:
    db = fill(folder / "hub.sqlite3")
    assert (folder / "hub.sqlite3-wal").stat().st_size > 0
    assert not any(PHONE.encode() in body or b"people" in body for body in files(folder))
    db.close()
    assert not any(PHONE.encode() in body or b"people" in body for body in files(folder))
    assert len(rows(folder / "hub.sqlite3")) == 134


def test_the_folder_alone_opens_nothing(folder: Path, tmp_path: Path) -> None:
    fill(folder / "hub.sqlite3").close()
    shutil.copytree(folder, tmp_path / "elsewhere" / "stolen", symlinks=True)
    with pytest.raises(sqlite3.DatabaseError):
        rows(tmp_path / "elsewhere" / "stolen" / "hub.sqlite3")


def test_another_key_opens_nothing(folder: Path, tmp_path: Path) -> None:
    fill(folder / "hub.sqlite3").close()
    (tmp_path / KEY).unlink()
    make_data_key(tmp_path / KEY)
    with pytest.raises(sqlite3.DatabaseError):
        rows(folder / "hub.sqlite3")


def test_files_in_plain_are_sealed_with_all_they_have(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite3"
    db = fill(path)
    copies = {each: each.read_bytes() for each in tmp_path.iterdir()}
    db.close()
    for each, body in copies.items():  # as after a kill: some commits are in the log only
        each.write_bytes(body)
    shutil.copy(path, tmp_path / "hub.sqlite3.before-this")
    shutil.copy(f"{path}-wal", tmp_path / "hub.sqlite3.before-this-wal")
    was = rows(path)
    seal(tmp_path, tmp_path / "hub.data.key")
    assert rows(path) == was
    assert rows(tmp_path / "hub.sqlite3.before-this") == was
    assert not any(PHONE.encode() in body for body in files(tmp_path))
    with closing(connect(path, "still")) as sealed:
        assert sealed.execute("pragma user_version").fetchone() == (7,)
        assert sealed.execute("pragma integrity_check").fetchone() == ("ok",)
        assert sealed.execute("select * from texts where texts match '380'").fetchall()
    seal(tmp_path, tmp_path / "hub.data.key")
    assert rows(path) == was


def test_a_power_cut_while_it_is_sealed_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite3"
    fill(path).close()
    was = rows(path)
    (tmp_path / "hub.sqlite3.sealing").write_bytes(b"half")
    seal(tmp_path, tmp_path / "hub.data.key")
    assert rows(path) == was
    assert not (tmp_path / "hub.sqlite3.sealing").exists()


def test_a_log_that_another_program_reads_is_not_deleted_with_what_waits_in_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "hub.sqlite3"
    writer = fill(path)
    with closing(connect(path, "ro")) as reader:
        reader.execute("begin")
        reader.execute("select * from people").fetchone()
        with writer.atomic():
            writer.execute("insert into people values (?, 'last')", [PHONE])
        seal(tmp_path, tmp_path / "hub.data.key")
        assert is_plain(path)
        assert path.with_name("hub.sqlite3-wal").stat().st_size
        assert not path.with_name("hub.sqlite3.sealing").exists()
    before = rows(path)
    writer.conn.close()
    seal(tmp_path, tmp_path / "hub.data.key")
    assert not is_plain(path)
    assert rows(path) == before


@pytest.mark.server
@pytest.mark.parametrize("room_kb", [0, 64])
def test_a_disk_that_becomes_full_while_it_is_sealed_has_its_room_back(
    tmp_path: Path, room_kb: int
) -> None:
    """There may be room for nothing, or for the key only."""
    with small_disk(tmp_path / "disk", size_mb=8) as disk:
        path, key = disk.folder / "hub.sqlite3", disk.folder / "hub.data.key"
        fill(path).conn.close()
        before = rows(path)
        disk.fill()
        with (disk.folder / "somebody's").open("r+b") as file:
            file.truncate(file.seek(0, 2) - room_kb * 1024)
        seal(disk.folder, key)
        assert is_plain(path)
        assert rows(path) == before
        assert key.exists() is bool(room_kb)
        assert not [*disk.folder.glob("*.sealing*"), *disk.folder.glob("*.made-*")]
        disk.make_room()
        seal(disk.folder, key)
        assert not is_plain(path)
        assert rows(path) == before


def test_a_folder_whose_key_cannot_be_kept_stays_in_plain(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite3"
    fill(path).close()
    seal(tmp_path, tmp_path / "no such folder" / "hub.data.key")
    assert is_plain(path)
    assert len(rows(path)) == 134


def test_a_damaged_plain_file_is_left_to_whoever_mends_it(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite3"
    fill(path).close()
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xa5" * 8192)
    was = path.read_bytes()
    seal(tmp_path, tmp_path / "hub.data.key")
    assert path.read_bytes() == was


def test_site_and_settings_may_move_together(folder: Path, tmp_path: Path) -> None:
    fill(folder / "hub.sqlite3").close()
    (tmp_path / "moved").mkdir()
    for name in ("config", "hub"):
        (tmp_path / name).rename(tmp_path / "moved" / name)
    assert len(rows(tmp_path / "moved" / "hub" / "hub.sqlite3")) == 134


def test_the_key_of_a_restored_backup_takes_its_place(folder: Path, tmp_path: Path) -> None:
    fill(folder / "hub.sqlite3").close()
    key = (tmp_path / KEY).read_bytes()
    (tmp_path / KEY).unlink()
    make_data_key(tmp_path / KEY)
    other = (tmp_path / KEY).read_bytes()
    (folder / DATA_KEY_NAME).unlink()
    (folder / DATA_KEY_NAME).write_bytes(key)
    seal(folder, tmp_path / KEY)
    assert len(rows(folder / "hub.sqlite3")) == 134
    assert (tmp_path / KEY).read_bytes() == key
    assert (tmp_path / "config" / "hub.data.key.before").read_bytes() == other
    assert (folder / DATA_KEY_NAME).is_symlink()
    assert (tmp_path / KEY).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("reserved", SUMS)
def test_a_copy_in_memory_comes_from_the_file_and_goes_back_to_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, reserved: int
) -> None:
    with monkeypatch.context() as then:
        then.setattr(sealed_file, "_NEWEST_SUM", SUMS[reserved])
        fill(folder / "hub.sqlite3").close()
    assert (folder / "hub.sqlite3").read_bytes()[20] == reserved
    with closing(in_memory(folder / "hub.sqlite3")) as copy:
        with closing(connect(folder / "hub.sqlite3")) as file:
            copy_over(file, copy)
        copy.execute("delete from people where rowid > 10")
        copy.commit()
        with closing(connect(folder / "hub.sqlite3")) as file:
            copy_over(copy, file)
    assert len(rows(folder / "hub.sqlite3")) == 7


@pytest.mark.parametrize("reserved", SUMS)
def test_a_copy_of_a_file_has_its_check_sums_and_what_is_new_has_today_s(
    folder: Path, monkeypatch: pytest.MonkeyPatch, reserved: int
) -> None:
    with monkeypatch.context() as then:
        then.setattr(sealed_file, "_NEWEST_SUM", SUMS[reserved])
        fill(folder / "hub.sqlite3").close()
    with closing(connect(folder / "hub.sqlite3")) as file:
        with closing(connect(folder / "copy.sqlite3")) as copy:
            copy_over(file, copy)
        fill(folder / "other.sqlite3").close()
    assert rows(folder / "copy.sqlite3") == rows(folder / "hub.sqlite3")
    assert (folder / "copy.sqlite3").read_bytes()[20] == reserved
    assert (folder / "other.sqlite3").read_bytes()[20] == min(SUMS)


def test_what_is_worked_out_in_between_has_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with closing(scratch()) as db:
        db.execute("create table t (a)")
        db.executemany("insert into t values (?)", [("x" * 4000,)] * 5000)
        db.commit()
        assert list(tmp_path.iterdir()) == []
