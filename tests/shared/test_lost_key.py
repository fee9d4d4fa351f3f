"""A key that was lost or mixed up is found again; where none is, the file is set aside and told."""

import os
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from shared.errors import OperatorError
from shared.file_check import Trouble
from shared.lost_key import find_key
from shared.mending import Shape, open_whole
from shared.sealed_file import DATA_KEY_NAME, connect, key_in
from shared.sealing import seal
from tests.fakes import NINE


def make(db: Database) -> None:
    db.execute("create table if not exists cars (plate text)")


SHAPE = Shape(make)


class Program:
    """One of a site's programs, with its folder and its key beside the others'."""

    def __init__(self, site: Path, name: str) -> None:
        (site / "config").mkdir(exist_ok=True)
        self.folder, self.key = site / name, site / "config" / f"{name}.data.key"
        self.file = self.folder / f"{name}.sqlite3"
        self.folder.mkdir()

    def start(self, *others: str) -> Trouble | None:
        """What its start found wrong."""
        find_key(self.folder, self.key, others)
        seal(self.folder, self.key)
        db, mended = open_whole(self.file, SHAPE, NINE)
        db.close()
        return mended.trouble if mended else None

    def work(self) -> "Program":
        """Keep a car."""
        self.start()
        with closing(connect(self.file)) as db, db:
            db.execute("insert into cars values (?)", ["浙A00011"])
        return self

    @property
    def cars(self) -> int:
        with closing(connect(self.file, "ro")) as db:
            return Database(db)["cars"].count


@pytest.fixture
def gate(tmp_path: Path) -> Program:
    return Program(tmp_path, "gate").work()


def test_programs_whose_keys_were_mixed_up_each_find_their_own(
    tmp_path: Path, gate: Program
) -> None:
    kiosk = Program(tmp_path, "kiosk").work()
    keys = gate.key.read_bytes(), kiosk.key.read_bytes()
    kiosk.key.write_bytes(keys[0])
    gate.key.write_bytes(keys[1])
    assert (gate.start(), kiosk.start()) == (None, None)
    assert (gate.cars, kiosk.cars) == (1, 1)
    assert (gate.key.read_bytes(), kiosk.key.read_bytes()) == keys


@pytest.mark.parametrize("body", [None, b"", b"\0" * 97, b"f00d\n", b"0" * 96 + b"\n"])
def test_a_key_that_is_gone_empty_or_another_s_comes_out_of_a_backup(
    gate: Program, body: bytes | None
) -> None:
    kept = key_in(gate.key)
    assert kept
    gate.key.unlink() if body is None else gate.key.write_bytes(body)
    assert gate.start("1" * 96, kept) is None
    assert gate.cars == 1
    assert (gate.folder / DATA_KEY_NAME).is_symlink()
    assert key_in(gate.key) == kept
    assert gate.key.stat().st_mode & 0o777 == 0o600


def test_without_any_key_the_file_lies_beside_the_new_one_and_opens_once_the_key_is_back(
    gate: Program,
) -> None:
    kept = gate.key.read_bytes()
    gate.key.unlink()
    assert gate.start() is Trouble.LOCKED
    assert gate.cars == 0
    (aside,) = gate.folder.glob("gate.sqlite3.damaged-*")
    assert gate.start() is None
    gate.file.unlink()
    aside.rename(gate.file)
    gate.key.write_bytes(kept)
    assert gate.start() is None
    assert gate.cars == 1


def test_a_damaged_file_whose_key_is_right_is_damaged_and_no_other_key_is_tried(
    gate: Program,
) -> None:
    with gate.file.open("r+b") as file:  # the page that every opening reads
        file.seek(512)
        file.write(b"\xa5" * 512)
    tried = iter(["1" * 96])
    find_key(gate.folder, gate.key, tried)
    assert next(tried, None)
    assert gate.start() is Trouble.DAMAGED


def test_a_key_whose_link_is_gone_or_leads_nowhere_is_found_at_its_place(gate: Program) -> None:
    link = gate.folder / DATA_KEY_NAME
    for target in (None, "nowhere"):
        link.unlink()
        if target:
            link.symlink_to(target)
        assert gate.start() is None
        assert gate.cars == 1


def test_a_key_that_may_not_be_read_is_named_and_nothing_is_set_aside() -> None:
    with tempfile.TemporaryDirectory() as folder:  # as somebody else, who cannot enter pytest's
        site = Path(folder)
        site.chmod(0o755)
        gate = Program(site, "gate").work()
        said = str(OperatorError("error.data_key_closed", path=gate.key, folder=gate.folder))
        if os.geteuid() == 0:
            os.seteuid(12345)
        else:
            gate.key.chmod(0)
        try:
            with pytest.raises(OperatorError) as refused:
                gate.start()
        finally:
            if os.getuid() == 0:
                os.seteuid(0)
        assert str(refused.value) == said
        gate.key.chmod(0o600)
        assert gate.start() is None
        assert gate.cars == 1
