"""An update of a machine: taken, tried, taken back by itself; a power cut anywhere does no harm."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.updating.making_release import make_release
from broker.updating.placing import place
from broker.updating.release_file import checked
from broker.updating.signature import make_signing_key, trusted_keys
from tests.broker.updating.machine import Machine, machine_in
from tests.broker.updating.small_release import write_wheel
from tests.waiting import CAME_AT_ALL_S, eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The secret key of whoever makes releases; the public one lies beside it."""
    path = tmp_path_factory.mktemp("key") / "release.key"
    path.with_suffix(".pub").write_text(make_signing_key(path), encoding="utf-8")
    return path


@pytest.fixture
def machine(tmp_path: Path, key: Path) -> Iterator[Machine]:
    """A machine on which release 0.1.0 runs."""
    with machine_in(tmp_path / "m") as machine:
        (machine.config / "release.pub").write_text(key.with_suffix(".pub").read_text("utf-8"))
        install_first(machine, key)
        machine.start()
        assert eventually(lambda: machine.is_up)
        yield machine


def install_first(machine: Machine, key: Path) -> None:
    """Put the first release there by hand, as ``make install`` puts a source tree."""
    file, keys = release(machine, key, "0.1.0"), trusted_keys(None, machine.config)
    name = place(machine.installation, file, keys, checked(file, keys))
    machine.installation.point("current", name)


def release(machine: Machine, key: Path, version: str, kind: str = "good", **more: int) -> Path:
    wheels = write_wheel(machine.folder / f"{version}-{kind}", version, kind).parent
    return make_release(wheels, key, wheels, **more)


def runs(machine: Machine) -> str:
    """Which release runs, as its hub says."""
    assert eventually(lambda: machine.is_up), machine.log
    return (machine.config / "runs").read_text(encoding="utf-8")


def test_a_release_is_taken_and_the_one_before_can_be_taken_back(
    machine: Machine, key: Path
) -> None:
    done = machine.update(release(machine, key, "0.2.0"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Release 0.2.0 runs and all is well" in done.stdout
    assert runs(machine) == "0.2.0"
    assert machine.update("--back").returncode == 0
    assert runs(machine) == "0.1.0"
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


VERIFYING, TRYING = "is its signature good", "Does it work"
"""What an update tells at its beginning, and when the new release runs."""


@pytest.mark.parametrize(
    ("kind", "since", "runs_then", "least"),
    [("good", VERIFYING, "0.2.0", 20), ("fails", TRYING, "0.1.0", 10)],
)
def test_a_power_cut_anywhere_leaves_a_site_that_works(
    machine: Machine, key: Path, kind: str, since: str, runs_then: str, least: int
) -> None:
    """Killed at each point in turn; the machine starts again and the update is repeated."""
    file = release(machine, key, "0.2.0", kind)
    points: list[str] = []
    while "killed: " in (done := machine.update(file, dies_at=f"{since}+{len(points)}")).stdout:
        points.append(done.stdout.rsplit("killed: ", 1)[1].strip())
        machine.cut_power()
        machine.boot()
        assert runs(machine) in ("0.1.0", runs_then), points
        assert machine.installation.trial is None, points
        assert runs(machine) == str(machine.installation.version(machine.installation.current))
        if runs(machine) != runs_then:
            machine.update(file)
        assert runs(machine) == runs_then, points
        begin_again(machine)
    assert len(points) >= least, points
    assert runs(machine) == runs_then


def begin_again(machine: Machine) -> None:
    """Back to release 0.1.0, as if there had been no update."""
    machine.cut_power()
    machine.installation.point("current", "releases/0.1.0")
    for name in ("previous", "taken.json"):
        (machine.root / name).unlink(missing_ok=True)
    machine.start()
    assert runs(machine) == "0.1.0"


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
