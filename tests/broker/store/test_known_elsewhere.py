"""What other projects know lies encrypted beside the hub's file, and damage of it harms nothing."""

from contextlib import closing
from datetime import date
from pathlib import Path

from broker.store.known_elsewhere import FILE_NAME, KnownAt, known_beside, write_known
from shared.database import Database
from shared.sealed_file import DATA_KEY_NAME, connect, is_plain, make_data_key

KNOWN = {"r-1": (KnownAt("binjiang", date(2026, 3, 1)), KnownAt("xihu", date(2026, 4, 2)))}


def test_it_is_encrypted_and_a_damaged_one_is_as_none(tmp_path: Path) -> None:
    make_data_key(tmp_path / DATA_KEY_NAME)
    with closing(connect(tmp_path / "hub.sqlite3")) as connection:
        connection.execute("create table any_table (id)")
        hub = Database(connection)
        assert known_beside(hub) == {}
        write_known(tmp_path, {})
        write_known(tmp_path, KNOWN)
        path = tmp_path / FILE_NAME
        assert known_beside(hub) == KNOWN
        assert not is_plain(path)
        assert b"binjiang" not in path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600
        path.write_bytes(path.read_bytes()[:5000])
        assert known_beside(hub) == {}
        write_known(tmp_path, KNOWN)
        assert known_beside(hub) == KNOWN
    assert not [one for one in tmp_path.iterdir() if one.name.endswith(".fresh")]
