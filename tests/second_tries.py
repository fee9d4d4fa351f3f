"""A test of real parts that fails is tried once more, and says so at the end.

Browsers, servers and many processes on a busy machine meet in ways that no test foresees. Three
such tests in a run may be chance; more of them are a fault. What runs by itself has one try.
"""

from typing import cast

import pytest
from _pytest.terminal import TerminalReporter

REAL_PARTS = ("browser", "server", "slow")
"""Marks of tests that have a second try."""
AT_MOST = 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of real parts their second try."""
    for item in items:
        if any(map(item.get_closest_marker, REAL_PARTS)):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Too many second tries are a failure."""
    if session.exitstatus == pytest.ExitCode.OK and len(_tried_twice(session.config)) > AT_MOST:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(config: pytest.Config, terminalreporter: TerminalReporter) -> None:
    """Name the tests that were tried twice."""
    if tried := _tried_twice(config):
        terminalreporter.section(f"tried twice: {len(tried)}, of at most {AT_MOST}")
        terminalreporter.write("".join(f"{name}\n" for name in sorted(tried)))


def _tried_twice(config: pytest.Config) -> set[str]:
    """Empty in a worker process, which reports to the first process."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    stats = cast(TerminalReporter, reporter).stats if reporter else {}
    return {report.nodeid for report in stats.get("rerun", [])}
