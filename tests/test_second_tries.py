"""Tests of real parts have a second try, at most three of them in a run."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FAILS_FIRST = """
    @pytest.mark.{mark}
    def test_{name}():
        seen = pathlib.Path(__file__).with_name("{name}")
        is_second = seen.exists()
        seen.touch()
        assert is_second
"""


def run(folder: Path, marks: list[str]) -> subprocess.CompletedProcess[str]:
    """Run as many tests, each of which fails at its first try only."""
    tests = [FAILS_FIRST.format(mark=mark, name=f"t{n}") for n, mark in enumerate(marks)]
    lines = ("import pathlib", "import pytest", *tests)
    text = "\n".join(line.replace("\n    ", "\n") for line in lines)
    (folder / "test_it.py").write_text(text, encoding="utf-8")
    marked = "markers =\n" + "".join(f"    {mark}\n" for mark in ("browser", "server", "slow"))
    (folder / "pytest.ini").write_text(f"[pytest]\npythonpath = {ROOT}\n{marked}", encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.second_tries", "-n", "2", "-q"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )


def test_a_test_of_real_parts_is_tried_twice_and_named(tmp_path: Path) -> None:
    ran = run(tmp_path, ["browser", "server", "slow"])
    assert ran.returncode == 0, ran.stdout
    assert "tried twice: 3, of at most 3" in ran.stdout
    assert "test_it.py::test_t2" in ran.stdout


def test_more_second_tries_than_chance_explains_are_a_failure(tmp_path: Path) -> None:
    ran = run(tmp_path, ["slow"] * 4)
    assert ran.returncode == 1, ran.stdout
    assert "tried twice: 4, of at most 3" in ran.stdout


def test_a_test_by_itself_has_one_try(tmp_path: Path) -> None:
    ran = run(tmp_path, ["filterwarnings('error')"])
    assert ran.returncode == 1, ran.stdout
    assert "1 failed" in ran.stdout
