"""``yingbin person leaves`` and ``yingbin customers hand-over`` with a running hub."""

import io
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.journal.entries import entries
from broker.personal import hand_over_command, leaves_command
from broker.rules.facts import Keys, Registration
from broker.rules.policy import Policy
from shared.clock import now
from shared.command_line import Terminal
from shared.errors import OperatorError
from tests.hub_fixtures import PEOPLE
from tests.running_hub import acting

Running = tuple[Path, Hub]
PHONES = ("13800000001", "13800000002", "13800000003", "13800000004")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """A hub on today's clock; 王强 received four customers today, one of them entered twice."""
    hub = open_hub(tmp_path / "hub", PEOPLE, Policy(), now)
    with hub.decider.atomic():
        for number, phone in enumerate((*PHONES, PHONES[0])):
            moment = now()
            hub.register.add(
                Registration(
                    registration_id=f"r-{number}",
                    consultant_id="wang",
                    registered_at=moment,
                    received_at=moment,
                    phone=phone,
                )
            )
    with acting(hub, tmp_path / "hub"):
        yield tmp_path, hub


def leaves(data: Path, *words: str) -> str:
    said = io.StringIO()
    with redirect_stdout(said):
        assert leaves_command.main([*words, "--data", str(data)], Terminal("en")) == 0
    return said.getvalue()


def hands_over(data: Path, *words: str) -> str:
    said = io.StringIO()
    command = ["hand-over", "--from", "wang", "--reason", "left", *words, "--data", str(data)]
    with redirect_stdout(said):
        assert hand_over_command.main(command, Terminal("en")) == 0
    return said.getvalue()


def owners(hub: Hub, phone: str) -> set[str]:
    return {entry.consultant_id for entry in hub.register.find(Keys(phone=phone))}


def test_a_trial_tells_what_they_leave_behind_and_changes_nothing(running: Running) -> None:
    data, hub = running
    said = leaves(data, "wang", "--dry-run")
    assert "Protected customers of wang: 4" in said
    assert "nothing has changed" in said
    assert not hub.has_left("wang")


def test_customers_go_evenly_to_colleagues_in_one_act(running: Running) -> None:
    data, hub = running
    leaves(data, "wang")
    assert hub.has_left("wang")
    said = hands_over(data, "--to", "li")
    assert "li gets 5 entries" in said
    assert all("li" in owners(hub, phone) for phone in PHONES)
    steps = [entry.body for entry in entries(hub.inbox.db.conn, kind="step")]
    assert sum("customers_handed_over" in body for body in steps) == 1


def test_nobody_s_customers_go_before_they_left(running: Running) -> None:
    with pytest.raises(OperatorError) as refused:
        hands_over(running[0], "--to", "li")
    assert refused.value.sentence.key == "error.not_left"


def test_a_list_says_who_gets_whom_and_is_checked_row_by_row(running: Running) -> None:
    data, hub = running
    leaves(data, "wang")
    listed = data / "list.csv"
    said = hands_over(data, "--to", "li", "--dry-run", "--write", str(listed))
    assert "nothing has changed" in said
    rows = listed.read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "registration_id,consultant_id"
    assert len(rows) == 6
    listed.write_text("\n".join([rows[0], "r-1,li"]), encoding="gb18030")
    said = hands_over(data, "--list", str(listed))
    assert "4 entries are not in the list" in said
    assert "li" in owners(hub, PHONES[1])
    assert "li" not in owners(hub, PHONES[2])
    listed.write_text("\n".join([rows[0], "r-9,li"]), encoding="utf-8")
    with pytest.raises(OperatorError) as refused:
        hands_over(data, "--list", str(listed))
    assert refused.value.sentence.values["row"] == 2
