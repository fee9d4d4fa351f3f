"""The rows of the registers after a busy day, for a reader."""

from datetime import date

import pytest

from broker.console.people_view import Person
from broker.console.register_view import RowsWanted, ShownRow
from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.registers.all_registers import REGISTERS
from broker.registers.columns import FileReading
from broker.registers.sheets import Reader, shown_rows
from broker.registers.writer import Writer
from broker.rules.policy import Policy
from broker.wording.decisions import Teller
from tests.busy_day import live_through
from tests.fakes import FakeClock
from tests.hub_fixtures import PEOPLE

TODAY = date(2026, 11, 23)
OPERATOR = Reader(None)
EVERYTHING = RowsWanted()


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    """A hub after a busy day, which nobody changes any more."""
    clock = FakeClock()
    lived = open_hub(tmp_path_factory.mktemp("busy"), PEOPLE, Policy(), clock)
    live_through(lived, clock)
    return lived


def reading(hub: Hub, first: date = TODAY, last: date = TODAY) -> FileReading:
    return FileReading(hub.inbox.db, hub.decider.policy, first, last, hub.clock())


def writer(hub: Hub, language: str = "zh-CN") -> Writer:
    return Writer(Teller(hub.people.names(), hub.decider.policy, language), hub.clock())


def rows(
    hub: Hub, name: str, reader: Reader = OPERATOR, wanted: RowsWanted = EVERYTHING, **days: date
) -> list[ShownRow]:
    register = REGISTERS[name]
    return list(shown_rows(register, reading(hub, **days), writer(hub), reader, wanted))


def cells(hub: Hub, name: str, reader: Reader = OPERATOR) -> list[dict[str, object]]:
    """Each row, by the columns' names."""
    names = [column.name for column in REGISTERS[name].columns]
    return [dict(zip(names, row.cells, strict=True)) for row in rows(hub, name, reader)]


def person(*roles: str, staff_id: str = "somebody") -> Reader:
    return Reader(Person(staff_id, "某人", roles, "1234"))
