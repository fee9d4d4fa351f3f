"""What holds for every test: no silent skip in CI, none for an extra that is not there."""

import importlib.util
import os
from collections.abc import Generator

import pytest
from hypothesis import settings

pytest_plugins = ["tests.second_tries"]

Report = pytest.TestReport | pytest.CollectReport

NO_SKIP = os.environ.get("YINGBIN_NO_SKIP") == "1"

LONG = ("browser", "slow")
"""Marks of tests that take seconds each."""
os.environ["LC_ALL"] = "C.UTF-8"
"""The commands answer in English where a test asks for no language, on any machine."""

# CI machines are slow at times, hence no deadline; the same examples each time repeat a failure.
settings.register_profile("yingbin", deadline=None, derandomize=True)
settings.load_profile("yingbin")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of the 6 GB extra where it is not installed; they are counted."""
    if importlib.util.find_spec("easyocr"):
        return
    left_out = [item for item in items if item.get_closest_marker("easyocr")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(specname="pytest_collection_modifyitems", trylast=True)
def long_files_first(items: list[pytest.Item]) -> None:
    """Start the slow files first, so that no worker is left with one at the end."""
    long = {item.path for item in items if any(map(item.get_closest_marker, LONG))}
    items.sort(key=lambda item: item.path not in long)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Report, Report]:
    """A test that skips itself has failed where every tool should be there (``.ci/run``)."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Report, Report]:
    """The same for a module that skips itself while it is read (``pytest.importorskip``)."""
    report = yield
    _refuse_skip(report)
    return report


def _refuse_skip(report: Report) -> None:
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which YINGBIN_NO_SKIP=1 forbids: {report.longrepr}"
