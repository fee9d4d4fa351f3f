import json
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.hub.opening import open_hub
from broker.journal.replay import replay
from broker.journal.steps import (
    POLICY,
    RULES,
    STEP,
    Rules,
    latest_snapshot,
    oldest_snapshot_seq,
    policy_in,
)
from broker.rules.edition import EDITION
from broker.rules.policy import Policy
from broker.rules.state import SiteState
from shared.messages import Ack, Alert
from tests.hub_fixtures import PEOPLE
from tests.samples import NATURAL


@pytest.fixture
def path(hub: Hub, tmp_path: Path) -> Path:
    """A hub's file with three visitors in it."""
    for number in range(3):
        handle(hub, replace(NATURAL, check_in_id=f"c-{number}"))
    return tmp_path / "hub.sqlite3"


def replayed(path: Path) -> tuple[int, str]:
    said: list[str] = []
    return replay(path, said.append), "\n".join(said)


def test_every_step_and_decision_is_counted(hub: Hub, path: Path) -> None:
    steps = hub.inbox.db.table("journal").count_where("kind = 'step'")
    failed, said = replayed(path)
    assert failed == 0
    assert f": {steps} steps, 3 decisions, each as it was decided." in said


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ("json_remove(body, '$[2][#-1]', '$.events[#-1]')", "is nothing in the journal"),
        ("json_insert(body, '$.events[#]', json_extract(body, '$.events[0]'))", "say nothing"),
    ],
    ids=["an event is missing", "an event too many"],
)
def test_an_event_that_is_missing_or_too_many_is_a_difference(
    hub: Hub, path: Path, change: str, field: str
) -> None:
    with hub.inbox.db.atomic():
        hub.inbox.db.conn.execute(
            f"update journal set body = {change} where seq = "
            "(select max(seq) from journal where kind = 'step')"
        )
    failed, said = replayed(path)
    assert failed == 1
    assert field in said


def test_what_an_older_edition_of_the_rules_decided_is_taken_as_it_is_written(
    hub: Hub, path: Path
) -> None:
    run = hub.inbox.db.conn.execute
    with hub.inbox.db.atomic():
        run("update journal set body = json_set(body, '$.edition', 1) where kind = 'rules'")
        run(
            "update journal set body = json_remove(body, '$.events[#-1]') where seq = "
            "(select max(seq) from journal where kind = 'step')"
        )
    steps = hub.inbox.db.table("journal").count_where("kind = 'step'")
    failed, said = replayed(path)
    assert failed == 0
    assert ": 0 steps, 0 decisions" in said
    assert f"{steps} steps more" in said


def test_a_new_edition_begins_with_the_state_that_the_older_one_left(hub: Hub, path: Path) -> None:
    """Else another way of folding the same steps would show as another decision."""
    run = hub.inbox.db.conn.execute
    with hub.inbox.db.atomic():
        run("update journal set body = json_set(body, '$.edition', 1) where kind = 'rules'")
    again = open_hub(path.parent, PEOPLE, hub.decider.policy, hub.clock)
    handle(again, replace(NATURAL, check_in_id="c-9"))
    (body,) = run("select body from journal where kind = 'rules' order by seq desc").fetchone()
    assert msgspec.json.decode(body, type=Rules) == Rules(EDITION, hub.decider.state)
    with hub.inbox.db.atomic():  # steps before it no longer matter
        run(
            "update journal set body = json_set(body, '$.events', json('[]')) where kind = 'step' "
            "and seq < (select max(seq) from journal where kind = 'rules')"
        )
    failed, said = replayed(path)
    assert failed == 0, said
    assert ": 1 steps, 1 decisions" in said


def test_the_edition_and_the_policy_are_noted_once_before_the_first_step(
    hub: Hub, path: Path
) -> None:
    again = open_hub(path.parent, PEOPLE, hub.decider.policy, hub.clock)
    handle(again, replace(NATURAL, check_in_id="c-9"))
    kinds = [kind for (kind,) in hub.inbox.db.execute("select kind from journal order by seq")]
    assert [kinds.count(RULES), kinds.count(POLICY)] == [1, 1]
    assert max(kinds.index(RULES), kinds.index(POLICY)) < kinds.index(STEP)


def test_of_a_policy_in_the_journal_only_what_this_release_knows_is_read() -> None:
    written = {"protection_days": 9, "look_by_moonlight": True, "rows": ["R5", "R99"]}
    assert policy_in(json.dumps(written)) == Policy(protection_days=9)


def test_what_cannot_be_read_is_said_and_is_no_success(hub: Hub, path: Path) -> None:
    with hub.inbox.db.atomic():
        hub.inbox.db.conn.execute("update journal set body = '{' where kind = 'step'")
    failed, said = replayed(path)
    assert failed == 1
    assert "the journal cannot be read" in said


def test_after_a_gap_it_says_so_and_is_no_success(hub: Hub, path: Path) -> None:
    waiting = [each.message for each in hub.outbox.waiting(100)]
    call = next(each for each in waiting if isinstance(each, Alert) and each.staff_id == "li")
    with hub.inbox.db.atomic():
        hub.inbox.db.conn.execute("delete from journal")
    handle(hub, Ack(ack_id="k-1", alert_id=call.alert_id, staff_id="li", acked_at=hub.clock()))
    failed, said = replayed(path)
    assert failed == 1
    assert "entries are missing" in said


def test_without_a_snapshot_the_past_begins_with_the_journal(hub: Hub) -> None:
    assert latest_snapshot(hub.inbox.db) == (SiteState(), 0)
    assert oldest_snapshot_seq(hub.inbox.db) == 0
