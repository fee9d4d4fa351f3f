"""A whole site at work is backed up; its hub dies, and the site comes back from the backup."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.site import FROM_THE_TREE, ROOT, running_site
from tests.waiting import eventually

pytestmark = [pytest.mark.server, pytest.mark.slow]


def yingbin(command: str, data: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    line = [*FROM_THE_TREE, "--lang", "en", command, "--data", str(data), *words]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_site_whose_disk_died_comes_back_from_a_backup_made_during_business(
    tmp_path: Path,
) -> None:
    data, disk = tmp_path / "data", tmp_path / "disk"
    disk.mkdir()
    cars = "select count(*) from arrivals"
    with (
        (tmp_path / "log").open("w") as log,
        running_site(data, "--demo", "--every", "1", log=log) as site,
    ):
        assert eventually(lambda: site.query(cars)[0][0] > 1)
        made = yingbin("backup", data, "--to", str(disk))
        assert made.returncode == 0, made.stderr
        (backup,) = disk.iterdir()
        then = site.query(cars)[0][0]
        assert eventually(lambda: site.query(cars)[0][0] > then)
        refused = yingbin("restore", data, str(backup))
        assert (refused.returncode, "Stop it first" in refused.stderr) == (1, True)
    key = shutil.copy(data / "config" / "site.key", tmp_path / "key")
    shutil.rmtree(data)
    restored = yingbin("restore", data, str(backup), "--key", str(key))
    assert restored.returncode == 0, restored.stderr
    for command in ("verify", "replay"):
        assert yingbin(command, data).returncode == 0
    with (
        (tmp_path / "log").open("a") as log,
        running_site(data, "--demo", "--every", "1", log=log) as site,
    ):
        assert eventually(lambda: site.query(cars)[0][0] > then)
    assert yingbin("verify", data).returncode == 0
