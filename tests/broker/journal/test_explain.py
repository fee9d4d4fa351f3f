"""A visit's story from the journal: whose it is, when what happened, on what evidence."""

from datetime import timedelta

import msgspec

from broker.journal.chain import Entry
from broker.journal.explain import story
from broker.journal.steps import POLICY, STEP
from broker.rules import commands as c
from broker.rules.facts import Registration
from shared.messages import Answer3
from tests.office import NO, UNSURE, YES, Office

PHONE = "13800138000"


def entry(kind: str, body: object) -> Entry:
    return Entry(1, "", kind, "", msgspec.json.encode(body).decode(), "", "")


def told(office: Office, visit_id: str = "v1", language: str = "en") -> list[str]:
    steps = [
        entry(STEP, {"command": taken.command, "known": taken.known, "events": taken.events})
        for taken in office.journal
    ]
    return list(story([entry(POLICY, office.policy), *steps], visit_id, language))


def answered(office: Office, answers: tuple[Answer3, Answer3, Answer3], named: str | None) -> str:
    office.check_in("v1", answers, named=named)
    return told(office)[0]


def registered(office: Office, number: int, *, is_late: bool, is_overruled: bool) -> None:
    at = office.now - timedelta(days=5)
    office.book.add(
        Registration(
            registration_id=f"old-{number}",
            consultant_id="wang",
            registered_at=at,
            received_at=at + timedelta(days=1),
            phone=PHONE,
            is_late=is_late,
            is_overruled=is_overruled,
        )
    )


def test_a_story_tells_every_step_of_this_visit_at_its_time_and_of_no_other() -> None:
    office = Office()
    office.take(c.Arrive(at=office.now, visit_id="v1", plate="浙A88888"))
    office.now += timedelta(seconds=61)
    office.check_in("v2")
    office.check_in("v1", phone=PHONE, plate="浙A88888")
    office.take(c.Ack(at=office.now, consultant_id="wang", visit_id="v1"))
    office.take(c.Finish(at=office.now, visit_id="v1"))
    lines = told(office)
    assert [line.split("  ")[0] for line in lines] == [
        "2026-11-23 09:00:00",
        *["2026-11-23 09:01:01"] * 6,  # finished while the car stands inside
    ]
    assert "浙A·8**88" in lines[0]
    assert "138****8000" in lines[2]
    assert "R14 [natural]" in lines[3]
    assert "王强" in lines[3]
    assert "王强" in lines[4]
    assert not any("李敏" in line for line in lines)
    assert told(office, "v9") == []


def test_the_answers_are_told_as_they_were_given_and_who_was_named() -> None:
    sure = answered(Office(), (YES, NO, NO), None)
    unsure = answered(Office(), (UNSURE, NO, NO), None)
    named = answered(Office(), (YES, NO, NO), "li")
    assert len({sure, unsure, named}) == 3
    assert "李敏" in named
    assert "李敏" not in sure


def test_the_entries_that_were_looked_up_are_told_whether_they_counted_or_not() -> None:
    office = Office()
    registered(office, 1, is_late=False, is_overruled=False)
    registered(office, 2, is_late=True, is_overruled=False)
    registered(office, 3, is_late=True, is_overruled=True)
    office.check_in("v1", phone=PHONE)
    evidence = [line for line in told(office) if "old-" in line]
    assert len(evidence) == 3
    assert all("王强" in line for line in evidence)
    assert all("2026-11-18 09:00" in line and "2026-11-19 09:00" in line for line in evidence)
    assert len(evidence[0]) < len(evidence[1]) < len(evidence[2])


def test_a_decision_without_a_flag_has_no_brackets() -> None:
    office = Office()
    office.check_in("v1", phone=PHONE)
    office.take(c.Rule(at=office.now, visit_id="v1", consultant_id="wang", reason="老客户"))
    ruled = [line for line in told(office) if "R15" in line and "[" not in line]
    assert ruled


def test_a_story_is_told_in_the_reader_s_language() -> None:
    office = Office()
    office.check_in("v1")
    assert told(office, language="zh-CN") != told(office, language="en")
