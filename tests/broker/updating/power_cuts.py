"""An update that is killed at points of its way, as by power cuts; what the site is like then."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from broker.updating.making_release import make_release
from broker.updating.placing import place
from broker.updating.release_file import checked
from broker.updating.signature import make_signing_key, trusted_keys
from tests.broker.updating.machine import Machine
from tests.broker.updating.small_release import unit_of, write_wheel
from tests.waiting import eventually

FIRST, NEXT = "0.1.0", "0.2.0"


@dataclass(frozen=True, slots=True)
class Way:
    """An update, and where on its way the power fails."""

    kind: str
    since: str
    """What it tells at the first of its points."""
    runs_then: str
    """The release that runs once it has ended."""
    least: int
    """How many points it has at least."""


WAYS = (
    Way("good", "is its signature good", NEXT, 20),
    Way("fails", "Does it work", FIRST, 10),  # the new release runs by then
)


def make_key(folder: Path) -> Path:
    """The secret key of whoever makes releases; the public one lies beside it."""
    path = folder / "release.key"
    path.with_suffix(".pub").write_text(make_signing_key(path), encoding="utf-8")
    return path


def start_first(machine: Machine, key: Path) -> None:
    """Put the first release there by hand, as ``make install`` puts a source tree; it runs."""
    (machine.config / "release.pub").write_text(key.with_suffix(".pub").read_text("utf-8"))
    file, keys = release(machine, key, FIRST), trusted_keys(None, machine.config)
    name = place(machine.installation, file, keys, checked(file, keys))
    machine.installation.point("current", name)
    machine.unit_file.write_text(unit_of(FIRST), encoding="utf-8")
    machine.start()
    assert eventually(lambda: machine.is_up)


def release(machine: Machine, key: Path, version: str, kind: str = "good", **more: int) -> Path:
    """The file of a signed release."""
    wheels = write_wheel(machine.folder / f"{version}-{kind}", version, kind).parent
    return make_release(wheels, key, wheels, **more)


def runs(machine: Machine) -> str:
    """Which release runs, as its hub says."""
    assert eventually(lambda: machine.is_up), machine.log
    return (machine.config / "runs").read_text(encoding="utf-8")


def points_survived(machine: Machine, key: Path, way: Way, *, each: slice) -> Iterator[str]:
    """Kill the update at ``each`` of its points; the machine starts again, the update is repeated.

    Yields each point once the site has shown that it works.

    Raises:
        AssertionError: it does not.
    """
    file = release(machine, key, NEXT, way.kind)
    number = each.start or 0
    while True:
        done = machine.update(file, dies_at=f"{way.since}+{number}")
        if "killed: " not in done.stdout:
            break
        point = done.stdout.rsplit("killed: ", 1)[1].strip()
        machine.cut_power()
        machine.boot()
        assert runs(machine) in (FIRST, way.runs_then), point
        assert machine.installation.trial is None, point
        assert runs(machine) == str(machine.installation.version(machine.installation.current))
        assert machine.unit_file.read_text(encoding="utf-8") == unit_of(runs(machine)), point
        if runs(machine) != way.runs_then:
            machine.update(file)
        assert runs(machine) == way.runs_then, point
        yield point
        _begin_again(machine)
        number += each.step or 1
    assert number >= way.least, done.stdout
    assert runs(machine) == way.runs_then


def _begin_again(machine: Machine) -> None:
    """Back to the first release, as if there had been no update."""
    machine.cut_power()
    machine.installation.point("current", f"releases/{FIRST}")
    machine.unit_file.write_text(unit_of(FIRST), encoding="utf-8")
    for name in ("previous", "taken.json"):
        (machine.root / name).unlink(missing_ok=True)
    shutil.rmtree(machine.root / "releases" / NEXT, ignore_errors=True)
    machine.start()
    assert runs(machine) == FIRST
