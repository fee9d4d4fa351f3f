"""The pages of cases: entered, worked on, printed in three parts; and the visitor's own page."""

import re

import pytest

from broker.console.case_page import PLACES
from broker.local.questions import CaseStep
from broker.rules.case_classes import CLASSES
from shared.words import LANGUAGES
from tests.broker.console.conftest import Browser
from tests.broker.console.fake_cases import FakeCases
from tests.broker.console.fake_site import FakeSite
from tests.catalogues import table_of


@pytest.fixture
def cases(site: FakeSite) -> FakeCases:
    return site.cases


def test_a_case_is_entered_by_whoever_is_at_a_post(consultant: Browser, cases: FakeCases) -> None:
    assert 'href="/cases"' in consultant.get("/registers").text
    answer = consultant.post(
        "/cases/new", kind="repair", text=" 灯坏了 ", phone="13900139000", name="王", place=""
    )
    assert answer.status_code == 303
    (asked,) = cases.opened
    assert (asked.kind_of_case, asked.text, asked.staff_id) == ("repair", "灯坏了", "li")
    assert (asked.phone, asked.place) == ("13900139000", None)


@pytest.mark.parametrize("filled", [{"text": ""}, {"text": "灯", "phone": "12"}])
def test_what_is_missing_is_said_and_nothing_is_lost(
    consultant: Browser, cases: FakeCases, filled: dict[str, str]
) -> None:
    answer = consultant.post("/cases/new", kind="repair", name="王", **filled)
    assert answer.status_code == 400
    assert 'data-testid="problem"' in answer.text
    assert 'value="王"' in answer.text
    assert cases.opened == []


def test_the_page_of_a_case_tells_its_promises_and_what_was_done(manager: Browser) -> None:
    page = manager.get("/cases/k1").text
    for words in ("1123-01 维修", "处理中", "&lt;水龙头&gt;", "超时", "已派工程", "13900139000"):
        assert words in page
    assert manager.get("/cases/none").status_code == 404


def test_who_does_not_work_on_it_sees_masks_and_no_buttons(consultant: Browser) -> None:
    page = consultant.get("/cases/k1").text
    assert "139****9000" in page
    assert "13900139000" not in page
    assert 'name="act"' not in page


def test_a_step_is_sent_with_its_note_and_its_time(manager: Browser, cases: FakeCases) -> None:
    sent = manager.post("/cases/k1", act="promise", note="明天来", by_when="2026-11-24T10:00")
    assert sent.status_code == 303
    (step,) = cases.steps
    assert (step.act, step.note, step.staff_id) == ("promise", "明天来", "chen")
    assert step.by_when is not None
    assert step.by_when.isoformat() == "2026-11-24T10:00:00+08:00"
    cases.refuses = True
    assert manager.post("/cases/k1", act="solve").status_code == 400


def test_a_busy_hub_has_the_step_and_the_page_says_so(
    manager: Browser, cases: FakeCases, monkeypatch: pytest.MonkeyPatch
) -> None:
    def waits_in_vain(_self: FakeCases, _asked: CaseStep) -> None:
        raise TimeoutError

    monkeypatch.setattr(FakeCases, "step", waits_in_vain)
    answer = manager.post("/cases/k1", act="solve")
    assert answer.status_code == 503
    assert "系统正忙" in answer.text


def test_a_repair_is_printed_in_three_parts(manager: Browser) -> None:
    paper = manager.get("/cases/k1/slip").text
    assert re.findall(r'data-testid="slip-(\w+)"', paper) == ["customer", "engineering", "desk"]
    assert "139****9000" in paper


def test_the_codes_for_visitors_are_printed_by_the_manager(manager: Browser) -> None:
    page = manager.get("/cases/codes").text
    assert re.findall(r'data-testid="code-(\w+)"', page) == list(PLACES)
    assert page.count("<svg") == len(PLACES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visitor_says_what_they_think_in_their_language_and_without_a_log_in(
    browser: Browser, cases: FakeCases, language: str
) -> None:
    title = table_of("broker")["case.feedback_title"][language]
    assert title in browser.get(f"/feedback/show_flat?lang={language}").text
    answer = browser.post("/feedback/show_flat", lang=language, text="采光很好", phone="")
    assert table_of("broker")["case.thanks"][language] in answer.text
    (asked,) = cases.opened
    assert (asked.kind_of_case, asked.staff_id, asked.phone) == ("feedback", None, None)


def test_every_place_of_the_codes_leads_to_a_class_that_visitors_may_enter() -> None:
    assert all(CLASSES[kind].is_asked_of_visitors for kind in PLACES.values())


def test_what_a_visitor_wrote_stays_on_the_page_when_the_number_is_none(browser: Browser) -> None:
    answer = browser.post("/feedback/desk", text="灯太暗", name="赵", phone="12")
    assert answer.status_code == 400
    for kept in ("灯太暗", 'value="赵"', 'value="12"'):
        assert kept in answer.text


def test_nobody_floods_the_feedback_and_other_places_are_nowhere(
    browser: Browser, cases: FakeCases
) -> None:
    assert browser.get("/feedback/cellar").status_code == 404
    answers = [browser.post("/feedback/desk", text="垃圾").status_code for _ in range(60)]
    assert 429 in answers
    assert len(cases.opened) < 45
