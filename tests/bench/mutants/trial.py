"""One mutant is tried: in a copy of the tree, the tests that know its room best come first."""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_item import MutationSpec, WorkResult

RAM = Path("/dev/shm")
"""The copies lie in memory where it can be: the hub's file waits for the disk at every commit."""
PYTEST = (
    *(sys.executable, "-m", "pytest", "--quiet", "--exitfirst", "--no-header", "--tb=line"),
    *("-p", "no:cacheprovider", "-m", "not slow and not browser and not server"),
)
SCENARIOS = Path("tests/broker/scenarios")
REST = ("tests/flow", "tests/broker", "tests/bench/test_chaos.py")
"""The fast tests in which the hub works; the others know nothing of it."""
TIMES_AS_LONG = 5


class Trials:
    """Makes copies of the tree in a folder of its own, and takes the folder away at the end."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(dir=RAM if RAM.is_dir() else None))
        self.whole = self._folder / "whole"

    def prepare(self) -> float:
        """Copy the tree and run its tests once; the seconds that they took.

        The byte code that this writes serves every mutant.
        """
        _copy_tree(self.whole)
        began = time.monotonic()
        done = subprocess.run([*PYTEST, *REST], cwd=self.whole, env=_environment(self.whole))
        if done.returncode:
            raise SystemExit("the tests fail without any mutant")
        return time.monotonic() - began

    def remove(self) -> None:
        """Take every copy away."""
        shutil.rmtree(self._folder)


def work_in_a_copy(whole: Path) -> None:
    """Give this process a copy of its own to make mistakes in."""
    own = whole.with_name(f"{os.getpid()}")
    shutil.copytree(whole, own)
    os.chdir(own)
    os.environ.update(_environment(own))


def tried(mutant: MutationSpec, whole_run_s: float) -> tuple[WorkResult, float]:
    """What the tests say to ``mutant``, and the seconds until they did."""
    began = time.monotonic()
    command = shlex.join(["sh", "-c", _commands(mutant.module_path)])
    result = mutate_and_test([mutant], command, TIMES_AS_LONG * whole_run_s)
    return result, time.monotonic() - began


def _commands(module: Path) -> str:
    """Two runs of pytest, because most mutants do not live to see the second."""
    if len(module.parts) > 2:
        own = Path("tests", *module.parts[:2])
    else:
        own = Path("tests", module.parent, f"test_{module.name}")
    first = [str(path) for path in (own, SCENARIOS) if path.exists()]
    others = [f"--ignore={path}" for path in first]
    temp = [f"--basetemp={Path.cwd().with_suffix('.tmp')}"]
    return (
        f"{shlex.join([*PYTEST, *temp, *first])} && {shlex.join([*PYTEST, *temp, *others, *REST])}"
    )


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
