"""What an alert says in each language, and what the journal keeps of it: no sentence."""

from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.rules.policy import Policy
from shared.words import LANGUAGES
from tests.fakes import FakeClock
from tests.hub_answers import ack, alerts, answers, time_passes
from tests.hub_fixtures import PEOPLE
from tests.samples import NATURAL, arrival

MR_WANG = replace(NATURAL, surname="王", salutation="先生")


def test_the_journal_holds_codes_and_fields_and_no_sentence(hub: Hub, clock: FakeClock) -> None:
    first = alerts(answers(hub, MR_WANG))["li"]
    clock.pass_s(40)
    time_passes(hub)
    answers(hub, ack(first, "li"))
    rows = hub.inbox.db.query("select * from journal where kind like 'alert%' or kind='escalated'")
    notes = [(row["kind"], row["subject_id"], msgspec.json.decode(row["body"])) for row in rows]
    raised = next(note for kind, name, note in notes if name == first.alert_id and kind == "alert")
    assert (raised["words"], raised["staff_id"], raised["repeat"]) == ("host", "li", 0)
    assert raised["guest"]["surname"] == first.surname == "王"
    unanswered = next(note for _, _, note in notes if note.get("words") == "unanswered")
    assert unanswered["fields"] == {"who": "李敏"}
    ends = {name: note for kind, name, note in notes if kind == "alert_closed"}
    assert ends[first.alert_id] == {
        "visit_id": first.visit_id,
        "reason": "claimed",
        "by_staff_id": "li",
    }
    assert not {"title", "text", "speech", "wordings", "why"} & {
        name for _, _, note in notes for name in note
    }


def test_everybody_is_told_in_every_language_also_of_who_did_not_answer(
    hub: Hub, clock: FakeClock
) -> None:
    told = alerts(answers(hub, MR_WANG))
    answers(hub, ack(told["door"], "lin"))
    clock.pass_s(40)
    manager = alerts(time_passes(hub))["manager"]
    assert manager.wordings.keys() == LANGUAGES.keys()
    assert manager.text == manager.wordings["zh-CN"].text
    assert manager.wordings["en"].text.startswith("李敏 does not answer: Mr 王 ")
    assert manager.wordings["zh-TW"].title == "無人應答"


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_the_site_s_language_is_spoken(language: str, tmp_path: Path, clock: FakeClock) -> None:
    hub = open_hub(tmp_path, PEOPLE, Policy(), clock, language)
    told = alerts(answers(hub, arrival("浙A88888")))
    assert told["wang"].title == {"en": "Your customer came", "zh-TW": "您的客戶到訪"}[language]
