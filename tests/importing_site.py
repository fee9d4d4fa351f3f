"""A running hub into which a command imports tables."""

import io
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.importing.import_command import main
from broker.rules.policy import Policy
from shared.clock import now
from shared.command_line import Terminal
from tests.hub_fixtures import PEOPLE
from tests.running_hub import acting

Running = tuple[Path, Hub]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """A hub on today's clock, without customers."""
    people = replace(PEOPLE, registered=())
    opened = open_hub(tmp_path / "hub", people, Policy(), now)
    with acting(opened, tmp_path / "hub"):
        yield tmp_path, opened


def imports(data: Path, *words: str) -> tuple[int, str]:
    """The status and what was said."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        status = main([*words, "--data", str(data)], Terminal("en"))
    return status, said.getvalue()
