"""An update of a machine: taken, tried, taken back by itself; a power cut anywhere does no harm."""

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.broker.updating.machine import Machine, machine_in
from tests.broker.updating.power_cuts import (
    WAYS,
    Way,
    make_key,
    points_survived,
    release,
    runs,
    start_first,
)
from tests.broker.updating.small_release import unit_of
from tests.waiting import CAME_AT_ALL_S

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


EVERY = 4
"""The points of an update tried here; ``python -m tests.bench update_power_cut`` tries all."""


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The secret key of whoever makes releases."""
    return make_key(tmp_path_factory.mktemp("key"))


@pytest.fixture
def machine(tmp_path: Path, key: Path) -> Iterator[Machine]:
    """A machine on which release 0.1.0 runs."""
    with machine_in(tmp_path / "m") as machine:
        start_first(machine, key)
        yield machine


def test_a_release_is_taken_and_the_one_before_can_be_taken_back(
    machine: Machine, key: Path
) -> None:
    done = machine.update(release(machine, key, "0.2.0"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Release 0.2.0 runs and all is well" in done.stdout
    assert runs(machine) == "0.2.0"
    assert machine.unit_file.read_text("utf-8") == unit_of("0.2.0")
    assert machine.update("--back").returncode == 0
    assert runs(machine) == "0.1.0"
    assert machine.unit_file.read_text("utf-8") == unit_of("0.1.0")
    assert machine.update("--back").returncode == 0
    assert runs(machine) == "0.2.0"


@pytest.mark.parametrize(
    ("kind", "within_s", "why"),
    [
        ("fails", CAME_AT_ALL_S, "failed to start"),
        ("hangs", 2.0, "did not get ready"),
        ("sick", 2.0, "pages.page_silent"),
    ],
)
def test_a_release_that_does_not_work_is_taken_back_by_itself(
    machine: Machine, key: Path, kind: str, within_s: float, why: str
) -> None:
    done = machine.update(release(machine, key, "0.2.0", kind), within_s=within_s)
    assert done.returncode == 1
    assert why in done.stdout
    assert "Release 0.1.0 runs again as before" in done.stdout
    assert runs(machine) == "0.1.0"
    assert machine.unit_file.read_text("utf-8") == unit_of("0.1.0")
    assert machine.installation.trial is None
    assert not (machine.root / "releases" / "0.2.0").exists()
    done = machine.update(release(machine, key, "0.2.1"))
    assert (done.returncode, runs(machine)) == (0, "0.2.1")


def test_what_was_wrong_before_does_not_hold_up_an_update(machine: Machine, key: Path) -> None:
    first = machine.root / "releases" / "0.1.0"
    (packages,) = first.glob("lib/*/site-packages/yingbin.py")
    packages.write_text(packages.read_text("utf-8").replace('"good"', '"sick"'), encoding="utf-8")
    shutil.rmtree(packages.with_name("__pycache__"), ignore_errors=True)  # made this very second
    assert machine.update(release(machine, key, "0.2.0", "sick")).returncode == 0
    assert runs(machine) == "0.2.0"


def test_a_release_that_lacks_a_module_is_refused_while_the_site_runs_on(
    machine: Machine, key: Path
) -> None:
    began = machine.units[0].process
    done = machine.update(release(machine, key, "0.2.0", "incomplete"))
    assert done.returncode == 1
    assert "a module is missing" in done.stderr
    assert machine.units[0].process is began
    assert machine.installation.current == "releases/0.1.0"


def test_settings_and_what_was_changed_by_hand_are_as_before(machine: Machine, key: Path) -> None:
    (machine.config / "gate.toml").write_text("# mine\n", encoding="utf-8")
    before = contents(machine.config)
    assert machine.update(release(machine, key, "0.2.0")).returncode == 0
    assert contents(machine.config) == {**before, "runs": b"0.2.0"}


@pytest.mark.parametrize("kind", ["good", "fails"])
def test_a_unit_file_that_was_changed_by_hand_stays_and_is_told(
    machine: Machine, key: Path, kind: str
) -> None:
    machine.unit_file.write_text("# mine\n", encoding="utf-8")
    done = machine.update(release(machine, key, "0.2.0", kind))
    assert machine.unit_file.read_text("utf-8") == "# mine\n"
    told = "yingbin-hub.service: it was changed by hand and stays as it is"
    assert done.stdout.count(told) == 1
    assert runs(machine) == ("0.2.0" if kind == "good" else "0.1.0")


def test_a_service_that_somebody_masked_stays_masked(machine: Machine, key: Path) -> None:
    machine.unit_file.unlink()
    machine.unit_file.symlink_to("/dev/null")
    assert machine.update(release(machine, key, "0.2.0")).returncode == 0
    assert machine.unit_file.is_symlink()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_two_releases_are_kept_and_older_ones_deleted(machine: Machine, key: Path) -> None:
    for version in ("0.2.0", "0.3.0", "0.4.0"):
        assert machine.update(release(machine, key, version)).returncode == 0
    kept = {path.name for path in (machine.root / "releases").iterdir()}
    assert kept == {"0.3.0", "0.4.0"}


def test_a_stick_s_newest_good_release_is_taken(machine: Machine, key: Path) -> None:
    stick = machine.folder / "stick"
    stick.mkdir()
    for version in ("0.9.0", "0.10.0"):
        file = release(machine, key, version)
        file.rename(stick / file.name)
    cut = stick / "yingbin-0.11.0.yingbin-release"
    cut.write_bytes((stick / "yingbin-0.10.0.yingbin-release").read_bytes()[:-5000])
    assert machine.update("--usb", stick).returncode == 0
    assert runs(machine) == "0.10.0"


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.kind)
def test_a_power_cut_anywhere_leaves_a_site_that_works(
    machine: Machine, key: Path, way: Way
) -> None:
    """Killed at some of its points; the machine starts again and the update is repeated."""
    first = random.Random(way.kind).randrange(EVERY)
    points = list(points_survived(machine, key, way, each=slice(first, None, EVERY)))
    assert len(points) >= way.least // EVERY


def test_a_release_with_which_the_machine_starts_three_times_in_vain_is_taken_back(
    machine: Machine, key: Path
) -> None:
    machine.update(release(machine, key, "0.2.0", "hangs"), dies_at="Starting")
    trial = machine.root / "trial.json"
    for boots in (1, 2):
        machine.cut_power()
        machine.update("--go-on", dies_at="Does it work")
        assert json.loads(trial.read_bytes())["boots"] == boots
    machine.cut_power()
    done = machine.update("--go-on")
    assert "The machine started 3 times" in done.stdout
    assert runs(machine) == "0.1.0"
