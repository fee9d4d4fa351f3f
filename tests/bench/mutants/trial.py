"""One mutant is tried: in a copy of the tree, the tests that know its room best come first."""

import difflib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cosmic_ray.mutating import use_mutation
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_item import MutationSpec

RAM = Path("/dev/shm")
"""The copies lie in memory where it can be: the hub's file waits for the disk at every commit."""
FAST = (
    *("--quiet", "--exitfirst", "--no-header", "--tb=line", "-p", "no:cacheprovider"),
    *("-m", "not slow and not browser and not server"),
)
SCENARIOS = Path("tests/broker/scenarios")
REST = ("tests/flow", "tests/broker", "tests/bench/test_handheld_chaos.py")
"""The fast tests in which the hub works; the others know nothing of it."""
PROFILE = "mutants"
"""Hypothesis as the tests set it, but it finds no simpler example: one failure is enough."""
TIMES_AS_LONG = 4
"""A run that takes so many times as long as all tests without a mutant hangs."""
LOOK_EVERY_S = 0.02


@dataclass(frozen=True, slots=True)
class Trial:
    """How a mutant ended: ``killed``, ``time out`` or ``survived``."""

    end: str
    took_s: float
    difference: str


class Copies:
    """Copies of the tree in a folder of its own, which goes away at the end."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(dir=RAM if RAM.is_dir() else None))
        self.whole = self._folder / "whole"

    def prepare(self) -> float:
        """Copy the tree and run its tests once; the seconds that they took.

        The byte code of this run serves every mutant.
        """
        _copy_tree(self.whole)
        run, began = [sys.executable, "-m", "pytest", *FAST, *REST], time.monotonic()
        if subprocess.run(run, cwd=self.whole, env=_environment(self.whole)).returncode:
            raise SystemExit("the tests fail without any mutant")
        return time.monotonic() - began

    def remove(self) -> None:
        """Take every copy away."""
        shutil.rmtree(self._folder)


def work_in_a_copy(whole: Path) -> None:
    """Give this process a copy of its own, and every outside package that the tests import.

    Each run of the tests is a fork of it that still has to import our own modules.
    """
    home, own = Path.cwd(), whole.with_name(f"{os.getpid()}")
    shutil.copytree(whole, own)
    os.chdir(own)
    os.environ.update(_environment(own), PYTHONDONTWRITEBYTECODE="1")
    sys.dont_write_bytecode = True
    sys.path[:] = [str(own), *(it for it in sys.path if Path(it) != home)]
    _be_silent()
    _forget_our_own_modules()
    pytest.main(["--collect-only", *FAST, *REST])
    from hypothesis import Phase, settings  # pytest wants to be the first who imports it

    settings.register_profile(
        PROFILE, settings.get_profile("yingbin"), phases=(Phase.explicit, Phase.generate)
    )
    _forget_our_own_modules()


def _forget_our_own_modules() -> None:
    for name in list(sys.modules):
        top = name.partition(".")[0]
        if Path(top).is_dir() or Path(f"{top}.py").is_file():
            del sys.modules[name]


def tried(mutant: MutationSpec, usual_s: float) -> Trial:
    """What the tests say to ``mutant``; all of them take ``usual_s`` without one."""
    began, end = time.monotonic(), "survived"
    operator = get_operator(mutant.operator_name)(**mutant.operator_args)
    with use_mutation(mutant.module_path, operator, mutant.occurrence) as (before, after):
        for tests in _runs(mutant.module_path):
            if (found := _ends_with(tests, TIMES_AS_LONG * usual_s)) != "survived":
                end = found
                break
    name = str(mutant.module_path)
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), name, name, "", "", 3, "")
    return Trial(end, time.monotonic() - began, "\n".join(lines))


def _runs(module: Path) -> Iterator[list[str]]:
    """Two runs of pytest, because most mutants do not live to see the second."""
    if len(module.parts) > 2:
        own = Path("tests", *module.parts[:2])
    else:
        own = Path("tests", module.parent, f"test_{module.name}")
    first = [str(path) for path in (own, SCENARIOS) if path.exists()]
    yield first
    yield [*REST, *(f"--ignore={path}" for path in first)]


def _ends_with(tests: list[str], within_s: float) -> str:
    """How one run of pytest in a child of this process ends."""
    child = os.fork()
    if child == 0:
        os.setsid()
        temp = f"--basetemp={Path.cwd().with_suffix('.tmp')}"
        os._exit(int(pytest.main([*FAST, f"--hypothesis-profile={PROFILE}", temp, *tests])))
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "killed" if status else "survived"
        time.sleep(LOOK_EVERY_S)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "time out"


def _be_silent() -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.dup2(nothing, sys.stderr.fileno())


def _copy_tree(to: Path) -> None:
    """Every file that git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if Path(name).is_file():
            copy = to / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(name, copy)


def _environment(copy: Path) -> dict[str, str]:
    """Programs that a test starts are the copy's too."""
    return {**os.environ, "PYTHONPATH": str(copy)}
