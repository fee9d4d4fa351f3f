"""The pages of ownership in dispute: who reads them, what is masked, what is looked for."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from broker.console.dispute_view import Search
from tests.broker.console.conftest import Browser
from tests.broker.console.fake_archive import FakeArchive, ruled, two_claims
from tests.broker.console.fake_site import FakeSite

WHOLE = ("13900139000", "粤BD12345")


@pytest.fixture
def zhao(app: Flask) -> Browser:
    """赵磊's phone, logged in."""
    phone = Browser(app, "192.0.2.53")
    assert phone.log_in("zhao", "2468").status_code == 303
    return phone


@pytest.fixture
def archive(site: FakeSite) -> FakeArchive:
    return site.archive


def test_both_sides_and_the_manager_read_the_evidence(
    consultant: Browser, zhao: Browser, manager: Browser
) -> None:
    for reader in (consultant, zhao, manager):
        page = reader.get("/dispute/v2").text
        for words in ("李敏", "王强", "有争议，待裁定", "名片", "查询了139****9000", "来电"):
            assert words in page
        for reading in ("按最早如实登记", "按手机号优先于车牌", "到访后才录入，不算数"):
            assert reading in page


def test_everybody_else_gets_a_refusal_and_does_not_learn_what_there_is(
    app: Flask, consultant: Browser, archive: FakeArchive, browser: Browser
) -> None:
    parking = Browser(app)
    parking.log_in("sun", "7531")
    for phone, visit_id in ((parking, "v2"), (parking, "v9"), (consultant, "v9")):
        answer = phone.get(f"/dispute/{visit_id}")
        assert answer.status_code == 403
        assert "只给当事顾问和经理看" in answer.text
    archive.disputes["v2"] = replace(two_claims(), parties=frozenset({"wang"}), owner_id="wang")
    assert consultant.get("/dispute/v2").status_code == 403
    assert browser.get("/dispute/v2").status_code == 303


def test_the_manager_is_told_that_there_is_no_such_visit(manager: Browser) -> None:
    assert manager.get("/dispute/v9").status_code == 404


def test_phone_and_plate_are_whole_for_owner_and_host_only(
    consultant: Browser, zhao: Browser, manager: Browser, archive: FakeArchive
) -> None:
    for reader, is_whole in ((consultant, True), (zhao, True), (manager, False)):
        page = reader.get("/dispute/v2").text
        assert [number in page for number in WHOLE] == [is_whole, is_whole]
    archive.disputes["v2"] = replace(two_claims(), owner_id="wang", host_id="wang")
    page = consultant.get("/dispute/v2").text
    assert "139****9000" in page
    assert not any(number in page for number in WHOLE)


def test_the_manager_sees_them_whole_once_for_a_reason(
    manager: Browser, consultant: Browser, archive: FakeArchive
) -> None:
    page = manager.post("/dispute/v2", reason="客户来电核对号码")
    assert all(number in page.text for number in WHOLE)
    assert page.headers["Cache-Control"] == "no-store"
    assert archive.unmasked == [("v2", "chen", "客户来电核对号码")]
    assert not any(number in manager.get("/dispute/v2").text for number in WHOLE)
    assert manager.post("/dispute/v2", reason=" ").status_code == 400
    assert consultant.post("/dispute/v2", reason="客户来电核对号码").status_code == 403
    assert len(archive.unmasked) == 1
    assert 'data-testid="unmask"' not in consultant.get("/dispute/v2").text


def test_a_ruling_and_its_reason_are_read_by_both_sides(
    consultant: Browser, zhao: Browser, archive: FakeArchive
) -> None:
    archive.disputes["v2"] = ruled(two_claims())
    for reader in (consultant, zhao):
        page = reader.get("/dispute/v2").text
        assert "归王强" in page
        assert "理由：客户出示了名片" in page
        assert "do-ruling" not in page


def test_only_the_manager_rules_and_only_while_the_rules_allow(
    manager: Browser, consultant: Browser, archive: FakeArchive
) -> None:
    assert "do-ruling" in manager.get("/dispute/v2").text
    assert "do-ruling" not in consultant.get("/dispute/v2").text
    archive.disputes["v2"] = replace(two_claims(), can_be_ruled_on=False)
    assert "do-ruling" not in manager.get("/dispute/v2").text


def test_a_visitor_s_words_are_text_and_never_markup(
    manager: Browser, archive: FakeArchive
) -> None:
    archive.disputes["v2"] = replace(two_claims(), visitor="<img src=x>", sentence="<b>")
    assert "<img src=x" not in manager.get("/dispute/v2").text


def test_a_manager_looks_for_decisions_by_day_consultant_and_masked_plate(
    manager: Browser, archive: FakeArchive
) -> None:
    page = manager.get("/disputes?on=2026-11-20&who=li&plate=88&disputed=on&page=2").text
    assert "decision-v2" in page
    assert "粤B·D***45" in page
    assert "page=3" in page
    assert archive.searches == [Search(date(2026, 11, 20), "li", "88", True, None, 2)]
    manager.get("/disputes?on=tomorrow&page=-4")
    assert archive.searches[-1] == Search()


def test_a_consultant_is_shown_their_own_disputes_only(
    consultant: Browser, archive: FakeArchive
) -> None:
    page = consultant.get("/disputes?who=zhao").text
    assert archive.searches[-1].party_id == "li"
    assert "我的归属争议" in page
    assert 'name="plate"' not in page


def test_what_stands_out_is_the_manager_s_and_marked(
    manager: Browser, consultant: Browser, archive: FakeArchive
) -> None:
    assert consultant.get("/patterns").status_code == 403
    page = manager.get("/patterns").text
    assert archive.ranges == [(date(2026, 11, 17), date(2026, 11, 23))]
    zhao = page.split('data-testid="person-zhao"')[1].split("</tr>")[0]
    assert '<td class="odd">80%</td>' in zhao, "named far more often than the colleagues"
    assert "王强因赵磊的客户补轮 3 次" in page
    assert "收回 1 次" in page
    manager.get("/patterns?from=2026-11-30&to=2026-11-20")
    assert archive.ranges[-1] == (date(2026, 11, 20), date(2026, 11, 20))


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_the_pages_speak_the_reader_s_language(manager: Browser, language: str) -> None:
    manager.post("/language", language=language, to="/")
    told = {"en": ("Evidence", "Look-ups"), "zh-TW": ("歸屬依據", "查後登記")}[language]
    assert told[0] in manager.get("/dispute/v2").text
    assert told[1] in manager.get("/patterns").text
    assert manager.get("/disputes").status_code == 200
