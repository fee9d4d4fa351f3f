"""Who saw a visitor's phone and plate in full: by whose leave, on whose record, for how long."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.journal.replay import replay
from broker.journal.verify import verify
from broker.local.post_box import PostBox
from broker.queries.overview import HubSite
from shared.errors import OperatorError
from tests.erasing import PHONE, a_whole_visit, pass_on, request
from tests.fakes import FakeClock
from tests.hub_site import site_of

WHY = "核对来电号码"


@contextmanager
def acting(hub: Hub, post_box: PostBox) -> Iterator[None]:
    """The hub's loop, as far as it acts on what pages ask."""
    is_over = threading.Event()

    def act() -> None:
        while not is_over.is_set():
            post_box.take(lambda message: handle(hub, message))

    thread = threading.Thread(target=act)
    thread.start()
    yield
    is_over.set()
    thread.join()


def test_what_a_manager_saw_in_full_stands_on_the_visit_s_page_and_among_what_stands_out(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    a_whole_visit(hub, clock)
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    post_box = PostBox()
    site = site_of(hub, tmp_path, post_box)
    with acting(hub, post_box):
        site.archive.unmask(visit.visit_id, "chen", WHY)
        with pytest.raises(OperatorError):
            site.archive.unmask(visit.visit_id, "li", WHY)
    assert told(site, visit.visit_id) == [f"陈经理查看了完整手机号和车牌，理由：{WHY}。"]
    day = date(2026, 11, 23)
    (seen,) = site.archive.patterns(day, day).unmaskings
    assert (seen.who, seen.visit_id, seen.reason) == ("陈经理", visit.visit_id, WHY)
    handle(hub, request(phone=PHONE))
    pass_on(hub)
    said: list[str] = []
    assert verify(tmp_path / "hub.sqlite3", said.append) == 0, said
    assert replay(tmp_path / "hub.sqlite3", said.append) == 0, said


def told(site: HubSite, visit_id: str) -> list[str]:
    """The lines on the visit's page that say so."""
    found = site.archive.dispute(visit_id, "zh-CN")
    assert found is not None
    return [line.text for line in found.timeline if "完整" in line.text]
