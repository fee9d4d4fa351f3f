"""What the journal tells later: the same decisions again, and a visit's story."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.journal.explain import explain
from broker.journal.replay import replay
from broker.journal.verify import problems
from tests.fakes import NINE, FakeClock
from tests.hub_answers import answers, journal_files, pass_two_minutes, registration, visitor
from tests.samples import NATURAL, arrival


def a_busy_morning(hub: Hub, clock: FakeClock) -> str:
    """Arrivals, answers, a skip, a registration, a transfer; the id of one visit."""
    answers(hub, arrival("浙A88888"))
    answers(hub, replace(NATURAL, arrival_id="a-1"))
    answers(hub, visitor(2))
    pass_two_minutes(hub, clock)
    answers(hub, registration(1, "li", "13900000000"))
    visit = hub.visits.of_check_in("c-2")
    assert visit is not None
    return visit.visit_id


def test_a_morning_is_decided_again_to_the_same(hub: Hub, clock: FakeClock, tmp_path: Path) -> None:
    a_busy_morning(hub, clock)
    said: list[str] = []
    path = journal_files(hub, tmp_path)
    assert replay(path, said.append) == 0, said
    assert list(problems(path)) == []


def test_a_replay_names_the_first_entry_field_and_both_values(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    visit_id = a_busy_morning(hub, clock)
    with hub.inbox.db.atomic():
        hub.inbox.db.conn.execute(
            """update journal set body = replace(body, '"host_id":"li"', '"host_id":"wang"')
            where kind = 'step' and subject_id = ?""",
            [visit_id],
        )
    (seq,) = hub.inbox.db.conn.execute(
        "select seq from journal where kind = 'step' and subject_id = ?", [visit_id]
    ).fetchone()
    said: list[str] = []
    path = journal_files(hub, tmp_path)
    assert replay(path, said.append) == 1
    assert f"entry {seq}: " in said[0]
    assert 'decided.host_id is "wang"' in said[0]
    assert '"li"' in said[1]
    assert next(problems(path)).seq == seq


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-CN", ("三问：首次到访 是", "R14", "李敏", "视为成功轮序", "王强")),
        ("en", ("R14", "turn used")),
    ],
)
def test_a_visit_s_story_is_told_with_times_and_rules(
    hub: Hub, clock: FakeClock, tmp_path: Path, language: str, words: tuple[str, ...]
) -> None:
    answers(hub, NATURAL)
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    pass_two_minutes(hub, clock)
    said: list[str] = []
    assert explain(journal_files(hub, tmp_path), visit.visit_id, language, said.append) == 0
    story = "\n".join(said)
    assert all(word in story for word in words), story
    assert said[0].startswith("2026-11-23 09:00:00")


def test_the_evidence_is_told_masked(hub: Hub, tmp_path: Path) -> None:
    answers(hub, replace(NATURAL, phone="13800138000", consented_at=NINE))
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    said: list[str] = []
    explain(journal_files(hub, tmp_path), visit.visit_id, "zh-CN", said.append)
    story = "\n".join(said)
    assert "登记" in story
    assert "138****8000" in story
    assert "13800138000" not in story
