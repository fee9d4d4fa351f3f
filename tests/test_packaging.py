"""What is handed out: the wheel works on its own, the source archive can be tested."""

import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin
from urllib.request import urlopen

import pytest

from tests.kept_files import ROOT, kept_files
from tests.servers import client
from tests.site import RunningSite, running_site

PACKAGES = ("shared/", "gate/", "kiosk/", "broker/")
BUILD = "from setuptools import build_meta as b; b.build_wheel('..'); b.build_sdist('..')"

pytestmark = pytest.mark.slow


class Built(NamedTuple):
    """The two archives of one build."""

    wheel: Path
    source_archive: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Built in a copy, because a build leaves files in its source folder."""
    folder = tmp_path_factory.mktemp("built")
    for name in kept_files():
        (folder / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / "source" / name)
    run([sys.executable, "-c", BUILD], folder / "source")
    (wheel,) = folder.glob("yingbin-*.whl")
    (source_archive,) = folder.glob("yingbin-*.tar.gz")
    return Built(wheel, source_archive)


@pytest.fixture
def unpacked(built: Built, tmp_path: Path) -> Path:
    """The folder that the source archive unpacks to."""
    with tarfile.open(built.source_archive) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # not before 3.11.4
        archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    return folder


@pytest.fixture
def installed(built: Built, tmp_path: Path) -> Path:
    """The command `yingbin` of the wheel in an environment of its own, with our dependencies."""
    place = tmp_path / "environment"
    venv.create(place)
    python = place / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    run([*pip, "--no-deps", "--no-index", str(built.wheel)], tmp_path)
    # A path file adds our dependencies and not the tree, which is installed as editable.
    ours = sysconfig.get_path("purelib")
    theirs = sysconfig.get_path("purelib", vars={"base": str(place)})
    Path(theirs, "dependencies.pth").write_text(f"{ours}\n", encoding="utf-8")
    return place / "bin" / "yingbin"


def run(command: Sequence[str], cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def page(address: str) -> str:
    """The text behind ``address``, whose style sheets must be there too."""
    with urlopen(address, timeout=10) as answer:
        text: str = answer.read().decode()
    for link in re.findall(r'href="([^"]+\.css[^"]*)"', text):
        with urlopen(urljoin(address, link), timeout=10) as style:
            assert style.read()
    return text


def hears_of_a_car(site: RunningSite) -> bool:
    """Whether the gate reads a plate in one of the demo's pictures."""
    account, topic = site.said["monitor"], f"yingbin/v1/{site.site}/say/role/gate"
    with client(site.mqtt_port, account["username"], account["password"]) as monitor:
        monitor.listen(topic)
        return monitor.hears(topic)


def test_the_wheel_holds_every_file_the_programs_read(built: Built) -> None:
    held = set(zipfile.ZipFile(built.wheel).namelist())
    assert {name for name in kept_files() if name.startswith(PACKAGES)} - held == set()


@pytest.mark.server
def test_the_wheel_runs_the_demo_away_from_its_source(installed: Path, tmp_path: Path) -> None:
    python = str(installed.with_name("python"))
    found = run([python, "-c", "import gate; print(gate.__file__)"], tmp_path)
    assert Path(found).is_relative_to(installed.parents[1])
    options = ("--demo", "--every", "1")
    with (
        (tmp_path / "log").open("w") as log,
        running_site(
            tmp_path / "data", *options, log=log, yingbin=[str(installed)], cwd=tmp_path
        ) as site,
    ):
        assert "确定" in page(site.said["kiosk"])
        assert "登录" in page(site.said["console"])
        assert hears_of_a_car(site)
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")


def test_the_source_archive_holds_all_that_git_keeps(unpacked: Path) -> None:
    assert [name for name in kept_files() if not (unpacked / name).is_file()] == []


def test_the_tests_of_the_source_archive_are_found_and_know_its_files(unpacked: Path) -> None:
    pytest_there = [sys.executable, "-m", "pytest", "--quiet", "-p", "no:cacheprovider"]
    collected = run([*pytest_there, "--collect-only"], unpacked)
    assert "test_the_tests_of_the_source_archive_are_found" in collected
    run([*pytest_there, "tests/test_shape.py::test_no_file_holds_a_secret"], unpacked)
