"""Nobody else on the machine reads what a site keeps, though every user's umask lets them."""

import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

import yingbin
from shared.private_files import all_in
from tests.site import CARS, RunningSite, running_site
from tests.waiting import CAME_AT_ALL_S, eventually

pytestmark = [pytest.mark.server, pytest.mark.slow]

AS_USUAL = 0o022


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    before = os.umask(AS_USUAL)
    yield
    os.umask(before)


def wider(folder: Path) -> dict[str, str]:
    """Whatever somebody else may read or write, and its mode."""
    modes = {path: path.lstat().st_mode for path in all_in(folder) if not path.is_symlink()}
    return {
        str(path.relative_to(folder)): oct(stat.S_IMODE(mode))
        for path, mode in modes.items()
        if mode & 0o077
    }


def is_busy(site: RunningSite) -> bool:
    """Whether cars came, with their pictures, and a message has its receipt."""
    came = len(site.query(CARS)) > 1
    return bool(came and list((site.data / "gate").rglob("*.jpg")))


def a_day(data: Path, log: Path) -> None:
    with log.open("a") as said, running_site(data, "--demo", "--every", "1", log=said) as site:
        assert eventually(lambda: is_busy(site))
        assert wider(data) == {}
        site.process.send_signal(signal.SIGTERM)
        assert site.process.wait(CAME_AT_ALL_S) == 0


def run(data: Path, *words: str) -> None:
    assert yingbin.main(["--lang", "en", words[0], "--data", str(data), *words[1:]]) == 0


def test_after_a_day_a_backup_and_a_restore_nothing_is_wider_than_its_owner(tmp_path: Path) -> None:
    data, disk = tmp_path / "data", tmp_path / "disk"
    disk.mkdir()
    a_day(data, tmp_path / "log")
    assert wider(data) == {}
    run(data, "backup", "--to", str(disk))
    (backup,) = disk.glob("*.yingbin-backup")
    assert not backup.stat().st_mode & 0o077
    run(data, "restore", str(backup))
    assert list(data.rglob("before-*"))
    assert wider(data) == {}


def test_an_older_site_s_files_are_narrowed_at_its_next_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    a_day(data, tmp_path / "log")
    for path in all_in(data):
        path.chmod(0o755 if path.is_dir() else 0o644)
    a_day(data, tmp_path / "log")
    assert wider(data) == {}
