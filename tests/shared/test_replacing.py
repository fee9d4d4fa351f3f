"""A file is replaced as a whole, or lies there as it was."""

import os
import resource
from pathlib import Path

import pytest

from shared.replacing import replace_file


def test_only_its_owner_reads_it_also_in_between(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    replace_file(path, b"one")
    path.chmod(0o644)
    replace_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_it_holds_already_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    replace_file(path, b"one")
    was = path.stat().st_ino
    replace_file(path, b"one")
    assert path.stat().st_ino == was


def test_a_disk_that_refuses_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    replace_file(path, b"one")
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2, was[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            replace_file(path, b"two")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_its_owner_stays_and_a_new_one_belongs_to_the_folder_s(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    os.chown(tmp_path, 1234, 1235)
    replace_file(path, b"one")
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 1235)
    os.chown(path, 4321, 5321)
    replace_file(path, b"two")
    assert (path.stat().st_uid, path.stat().st_gid) == (4321, 5321)
