"""What must hold on the ARM machine, each with the figure that shows it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import cv2

from gate.camera.picture import read_picture
from tests.arm.elf import LARGEST_PAGE, compiled_below
from tests.arm.machine import ARM, ENVIRONMENT, HERE, Machine, Ran, install
from tests.arm.readings import apart
from tests.kept_files import ROOT

PHOTOS = ("02.jpg", "04.jpg", "06.jpg", "11.jpg", "16.jpg")
"""Of ``gate/demo``."""
FAR_AWAY = 0.4
"""The size at which our reader is no longer quite sure of them, so that a difference can show, and
one grey level still counts for half of what machines may differ (0.002; at 0.35 it counts 0.09)."""
SCENARIOS = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/scenarios/*.yaml"))
FAST = ["-m", "not slow and not browser and not server", "--numprocesses", "2", "--timeout", "3000"]
JOURNAL, FAR_PHOTOS = "build/arm-journal", "build/arm-photos"
"""Below the project's folder of either machine."""
IMPORT_ALL = """
import importlib, pkgutil
import yingbin
left_out = ("gate.training", "gate.reader.easyocr")  # extras, which no site needs
names = [
    found.name
    for program in ("shared", "gate", "kiosk", "broker")
    for found in pkgutil.walk_packages(importlib.import_module(program).__path__, program + ".")
    if not found.name.startswith(left_out)
]
for name in names:
    importlib.import_module(name)
print(len(names), "modules")
"""


class Shown(NamedTuple):
    """How a check came out."""

    holds: bool
    figure: str
    ran: Ran | None = None
    """The command on the ARM machine, for its time and memory."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold."""

    name: str
    claim: str
    show: Callable[[], Shown]


def _last_line(ran: Ran) -> str:
    return ran.said.strip().rpartition("\n")[2]


def _installs() -> Shown:
    ran = install()
    folder = ARM.folder / ENVIRONMENT
    packages = len(list(folder.glob("lib/python3*/site-packages/*.dist-info")))
    figure = f"{packages} packages, no compiler" if ran.status == 0 else _last_line(ran)
    return Shown(ran.status == 0, figure, ran)


def _fits() -> Shown:
    found = list(compiled_below(ARM.folder / ENVIRONMENT))
    if wrong := [each for each in found if not each.fits]:
        first = wrong[0]
        said = f"machine {first.machine}, aligned to {first.alignment:#x}"
        return Shown(False, f"{len(wrong)} of {len(found)}; {first.path.name}: {said}")
    least = min((each.alignment for each in found), default=0)
    return Shown(bool(found), f"{len(found)} files, the least {least:#x} of {LARGEST_PAGE:#x}")


def _imports() -> Shown:
    ran = ARM.run("python", "-c", IMPORT_ALL)
    return Shown(ran.status == 0, _last_line(ran), ran)


def _hand_over(name: str, giver: Machine, taker: Machine) -> None:
    shutil.rmtree(taker.folder / name, ignore_errors=True)
    shutil.copytree(giver.folder / name, taker.folder / name)


def _reads() -> Shown:
    (HERE.folder / FAR_PHOTOS).mkdir(parents=True, exist_ok=True)
    for name in PHOTOS:
        near = read_picture(HERE.folder / "gate" / "demo" / name)
        far = cv2.resize(near, None, fx=FAR_AWAY, fy=FAR_AWAY, interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(HERE.folder / FAR_PHOTOS / name), far)
    _hand_over(FAR_PHOTOS, HERE, ARM)
    ours, theirs = (machine.run("yingbin", "read", FAR_PHOTOS, "--json") for machine in (HERE, ARM))
    if ours.status or theirs.status:
        return Shown(False, _last_line(theirs if theirs.status else ours), theirs)
    found = apart(ours.said, theirs.said)
    if found is None:
        return Shown(False, "other plates than here", theirs)
    figure = (
        f"{found.plates} plates the same; confidence within {found.confidence:.4f}, "
        f"corners within {found.corner_px:.1f} px; memory here {ours.peak_mb:.0f} MB"
    )
    return Shown(found.is_close, figure, theirs)


def _decides() -> Shown:
    ours, theirs = (
        machine.run("yingbin", "scenario", *SCENARIOS, "--json") for machine in (HERE, ARM)
    )
    is_same = (theirs.status, theirs.said) == (0, ours.said)
    figure = f"{len(SCENARIOS)} scenarios, {len(theirs.said.encode()):,} bytes"
    return Shown(is_same, figure if theirs.status == 0 else _last_line(theirs), theirs)


def _proves(writer: Machine, reader: Machine) -> Shown:
    """The journal that ``writer`` wrote, proved and decided again by ``reader``."""
    shutil.rmtree(writer.folder / JOURNAL, ignore_errors=True)
    written = writer.run("python", "-m", "tests.arm.journal", JOURNAL)
    if written.status:
        return Shown(False, _last_line(written), written)
    _hand_over(JOURNAL, writer, reader)
    verified, replayed = (
        reader.run("yingbin", command, "--data", JOURNAL, "--lang", "en")
        for command in ("verify", "replay")
    )
    wrong = next((ran for ran in (verified, replayed) if ran.status), None)
    figure = " ".join(replayed.said.splitlines()) if wrong is None else _last_line(wrong)
    return Shown(wrong is None, figure, written if writer == ARM else replayed)


def _passes() -> Shown:
    ran = ARM.run("python", "-m", "pytest", "--quiet", "-p", "no:cacheprovider", *FAST)
    (ROOT / "build" / "arm" / "tests.log").write_text(ran.said, encoding="utf-8")
    return Shown(ran.status == 0, _last_line(ran), ran)


CHECKS = (
    Check("install", "the lock installs, from wheels only", _installs),
    Check("elf", "every compiled file is for ARM and for pages of 16 KB", _fits),
    Check("imports", "all programs can be imported", _imports),
    Check("read", "`yingbin read` says of five photos what it says here", _reads),
    Check("scenarios", "`yingbin scenario` says byte for byte what it says here", _decides),
    Check("to", "a journal written here is proved and replayed there", lambda: _proves(HERE, ARM)),
    Check(
        "from", "a journal written there is proved and replayed here", lambda: _proves(ARM, HERE)
    ),
    Check("tests", "the fast tests pass", _passes),
)
