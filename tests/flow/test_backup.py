"""A whole site at work is backed up; its hub dies, and the site comes back from the backup."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.site import CARS, FROM_THE_TREE, ROOT, rows_of, running_site
from tests.waiting import eventually

pytestmark = [pytest.mark.server, pytest.mark.slow]


def yingbin(
    command: str, data: Path, *words: str, typed: str | None = None
) -> "subprocess.CompletedProcess[str]":
    line = [*FROM_THE_TREE, "--lang", "en", command, "--data", str(data), *words]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False, input=typed)


def test_a_site_whose_disk_died_comes_back_from_a_backup_made_during_business(
    tmp_path: Path,
) -> None:
    data, disk = tmp_path / "data", tmp_path / "disk"
    disk.mkdir()
    with (
        (tmp_path / "log").open("w") as log,
        running_site(data, "--demo", "--every", "1", log=log) as site,
    ):
        assert eventually(lambda: len(site.query(CARS)) > 1)
        made = yingbin("backup", data, "--to", str(disk))
        assert made.returncode == 0, made.stderr
        (backup,) = disk.iterdir()
        then = len(site.query(CARS))
        assert eventually(lambda: len(site.query(CARS)) > then)
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
        assert eventually(lambda: len(site.query(CARS)) > then)
    assert yingbin("verify", data).returncode == 0


def test_the_hub_s_card_died_and_the_written_steps_bring_the_site_back_with_all_its_cars(
    tmp_path: Path,
) -> None:
    """README, «The hub's card died»: the gate lives on a machine of its own."""
    data, disk, log = tmp_path / "data", tmp_path / "disk", tmp_path / "log"
    disk.mkdir()
    demo = ("--demo", "--every", "1")
    with log.open("w") as lines, running_site(data, *demo, log=lines) as site:
        assert eventually(lambda: len(site.query(CARS)) > 1)
        assert yingbin("backup", data, "--to", str(disk)).returncode == 0
        in_backup = len(site.query(CARS))
        assert eventually(lambda: len(site.query(CARS)) > in_backup + 2)
        sheet = yingbin("backup", data, "--print-key").stdout.splitlines()[0]
    came = {car for (car,) in rows_of(data, CARS)}
    of_the_gate = (data / "config" / "gate.data.key").read_bytes()
    for folder in ("config", "hub", "mqtt"):
        shutil.rmtree(data / folder)
    fresh = ["setup", "--config", str(data / "config"), "--state", str(data), "--site", "demo"]
    subprocess.run([*FROM_THE_TREE, *fresh], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    (data / "config" / "gate.data.key").write_bytes(of_the_gate)
    (backup,) = disk.iterdir()
    restored = yingbin("restore", data, str(backup), "--key", "-", typed=f"{sheet.lower()}\n")
    assert restored.returncode == 0, restored.stderr
    assert yingbin("verify", data).returncode == 0
    with log.open("a") as lines, running_site(data, *demo, log=lines) as site:
        assert eventually(lambda: came <= {car for (car,) in site.query(CARS)})
        twice = site.query("select count(*) - count(distinct arrival_id) from arrivals")
        assert twice == [(0,)]
    for command in ("verify", "replay"):
        assert yingbin(command, data).returncode == 0
