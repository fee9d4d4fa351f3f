"""The list of the benchmarks: each is in it and says what it measures."""

import re
from pathlib import Path

import pytest

from tests.bench.__main__ import main
from tests.bench.benches import BENCHES, HERE, Bench

ROOT = HERE.parent.parent
NAMES = {bench.name for bench in BENCHES}


@pytest.mark.parametrize("bench", BENCHES, ids=lambda bench: bench.name)
def test_each_says_in_one_line_what_it_measures(bench: Bench) -> None:
    assert re.fullmatch(r"[A-Z][^`\n]{20,110}[.?]", bench.measures)


def test_none_is_left_out() -> None:
    modules = [*HERE.glob("*.py"), *HERE.glob("*/__main__.py")]
    programs = {
        path for path in modules if re.search(r"^import argparse", path.read_text("utf-8"), re.M)
    }
    assert {name_of(path) for path in programs} - NAMES == set()


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])
def test_what_people_are_told_to_measure_with_exists(name: str) -> None:
    named = re.findall(r"(?:\bNAME=|python -m tests\.bench )([a-z_]+)", (ROOT / name).read_text())
    assert set(named) <= NAMES


def test_without_a_name_it_lists_them_and_a_wrong_name_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(BENCHES)
    assert main(["nonsense"]) == 2
    assert "nonsense" in capsys.readouterr().err


def name_of(path: Path) -> str:
    return path.parent.name if path.stem == "__main__" else path.stem
