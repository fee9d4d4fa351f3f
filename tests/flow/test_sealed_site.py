"""A site's files tell nobody whose plate or phone was there, while it runs and afterwards."""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shared.sealed_file import connect
from tests.site import CARS, FROM_THE_TREE, ROOT, running_site
from tests.waiting import eventually

pytestmark = [pytest.mark.slow, pytest.mark.server]

SETTINGS = ("site.toml",)
"""Who works here and whom they know already, as the manager wrote it."""


def told_by(path: Path) -> Iterator[bytes]:
    """Every plate and phone in a program's file."""
    with closing(connect(path, "ro")) as db:
        tables = [name for (name,) in db.execute("select name from sqlite_master")]
        for table in tables:
            columns = [row[1] for row in db.execute(f"pragma table_info({table})")]
            for column in {"plate", "phone"} & set(columns):
                for (key,) in db.execute(f"select {column} from {table} where {column} != ''"):
                    yield str(key).encode()


def in_plain(data: Path, wanted: set[bytes]) -> list[tuple[str, bytes]]:
    """The files in which one of these stands, or that bear its name."""
    found = []
    for path in sorted(data.rglob("*")):
        if path.is_file() and path.name not in SETTINGS:
            said = path.read_bytes() + path.name.encode()
            found += [(str(path.relative_to(data)), key) for key in wanted if key in said]
    return found


def test_no_file_of_a_site_tells_a_plate_or_a_phone(tmp_path: Path) -> None:
    data, disk = tmp_path / "data", tmp_path / "disk"
    disk.mkdir()
    hub_file, gate_file = data / "hub" / "hub.sqlite3", data / "gate" / "gate.sqlite3"
    with (disk / "log").open("w") as log, running_site(data, "--demo", log=log) as site:
        assert eventually(lambda: len(site.query(CARS)) > 3)
        told = {*told_by(hub_file), *told_by(gate_file)}
        assert len(told) > 5
        assert in_plain(data, told) == []
        words = ["backup", "--data", str(data), "--to", str(disk)]
        subprocess.run([*FROM_THE_TREE, *words], cwd=ROOT, check=True, capture_output=True)
    told |= {*told_by(hub_file), *told_by(gate_file)}
    assert in_plain(data, told) == []
    assert in_plain(disk, told) == []
