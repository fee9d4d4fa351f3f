"""The page of duties: what is shown of each, and what is sent when one is ticked."""

import pytest

from shared.messages import ReportKind
from tests.broker.console.conftest import Browser
from tests.broker.console.fake_duties import FakeDuties
from tests.broker.console.fake_site import FakeSite


@pytest.fixture
def duties(site: FakeSite) -> FakeDuties:
    return site.duties


def test_what_is_due_stands_there_with_its_buttons(manager: Browser, consultant: Browser) -> None:
    page = manager.get("/duties").text
    for words in ("电瓶车&lt;车况&gt;", "超时", "办不了", "不办了", "等管理岗决定"):
        assert words in page
    assert page.index("开窗") < page.index("巡逻")  # what is over stands last
    assert "今天没有任务" in consultant.get("/duties").text


def test_a_tick_is_sent_with_its_reason(manager: Browser, duties: FakeDuties) -> None:
    answer = manager.post("/duties/d-1", kind="duty_impossible", reason=" 车在维修 ")
    assert answer.status_code == 303
    (report,) = duties.ticked
    assert (report.kind, report.duty_id) == (ReportKind.DUTY_IMPOSSIBLE, "d-1")
    assert (report.reason, report.staff_id) == ("车在维修", "chen")


def test_who_was_first_is_said_to_the_second(manager: Browser, duties: FakeDuties) -> None:
    duties.is_over = True
    answer = manager.post("/duties/d-1", kind="duty_done")
    assert answer.status_code == 409
    assert "老韩已经记过" in answer.text


@pytest.mark.parametrize("kind", ["", "ruling", "close_day"])
def test_only_duties_are_ticked_there(manager: Browser, duties: FakeDuties, kind: str) -> None:
    assert manager.post("/duties/d-1", kind=kind).status_code == 409
    assert duties.ticked == []
