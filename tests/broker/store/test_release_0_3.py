"""A file from release 0.3, of a day with a refusal, a skip and a ruling, opened by this release."""

import gzip
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.hub.opening import open_hub
from broker.journal.explain import explain
from broker.journal.replay import replay
from broker.journal.steps import STEP, Step
from broker.journal.verify import verify
from broker.rules.events import Decided
from broker.rules.line import Note
from broker.rules.notices import Refused
from broker.rules.policy import Policy
from broker.store.rebuilt import differences
from broker.wording.decisions import Teller
from shared.words import LANGUAGES
from tests.fakes import FakeClock
from tests.hub_fixtures import PEOPLE
from tests.samples import NATURAL

FOLDER = Path(__file__).parent / "release_0_3"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    packed = (FOLDER / "hub.sqlite3.gz").read_bytes()
    (tmp_path / "hub.sqlite3").write_bytes(gzip.decompress(packed))
    (tmp_path / "journal.heads").write_bytes((FOLDER / "journal.heads").read_bytes())
    return tmp_path / "hub.sqlite3"


@pytest.fixture
def hub(path: Path) -> Hub:
    return open_hub(path.parent, PEOPLE, Policy(), FakeClock())


def test_its_journal_is_proved_and_what_older_rules_decided_is_taken_as_it_is_written(
    hub: Hub, path: Path
) -> None:
    handle(hub, replace(NATURAL, check_in_id="c-new"))
    told: list[str] = []
    assert list(differences(path)) == []
    assert verify(path, told.append) == 0, told
    assert replay(path, told.append) == 0, told
    is_since_then = "kind = 'step' and seq > (select seq from journal where kind = 'rules')"
    steps = hub.inbox.db.table("journal").count_where(is_since_then)
    assert f": {steps} steps, 1 decisions" in told[-2]
    assert told[-1].startswith("11 steps more")


def test_its_visits_say_why_in_any_language(hub: Hub) -> None:
    (decided,) = hub.inbox.db.execute("select decision from visits where rule = 'R6'").fetchone()
    teller = Teller(hub.people.names(), hub.decider.policy, "zh-TW")
    said = teller.decision(msgspec.json.decode(decided, type=Decided))
    assert said.startswith("138****8000 由王强於2026-11-10 09:00登記")


def test_a_refusal_keeps_the_sentence_that_was_written_then(hub: Hub) -> None:
    steps = hub.inbox.db.execute("select body from journal where kind = ?", [STEP])
    events = [event for (body,) in steps for event in msgspec.json.decode(body, type=Step).events]
    (refused,) = [event for event in events if isinstance(event, Refused)]
    said = Teller(hub.people.names(), hub.decider.policy, "en").notice(refused)
    assert said == "Refused to 李敏: 该客户归属王强，保护期至2026-12-08 24:00，不得登记或跟踪."


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_stories_are_told_in_every_language(hub: Hub, path: Path, language: str) -> None:
    (visit_id,) = hub.inbox.db.execute("select visit_id from visits where rule = 'R14'").fetchone()
    told: list[str] = []
    assert explain(path, visit_id, language, told.append) == 0
    assert any("R14" in line for line in told)


def test_its_open_calls_go_on(hub: Hub) -> None:
    (count,) = hub.inbox.db.execute("select count(*) from alert_groups where is_open").fetchone()
    assert count == 13
    for (subject,) in hub.inbox.db.execute("select subject from alert_groups where is_open"):
        assert all(group.is_open for group in hub.alert_groups.open_of(subject))


def test_its_line_is_noted_in_codes_that_a_page_says_in_its_language(hub: Hub) -> None:
    assert [person.note for person in hub.visits.line()] == [Note.RECEIVING]
