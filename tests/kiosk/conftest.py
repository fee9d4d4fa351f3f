"""Closes what a test of the kiosk opened."""

from collections.abc import Iterator

import pytest

from tests.kiosk.house import OPENED


@pytest.fixture(autouse=True)
def _close_databases() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()
