from datetime import timedelta

import pytest
from msgspec.structs import replace

import broker.store.inbox
from broker.handlers.context import Hub
from shared.messages import Alert, AlertClosed, CloseReason, Level
from tests.fakes import NINE
from tests.samples import NATURAL, arrival


def raised(hub: Hub, alert_id: str, role: str | None = None, staff_id: str | None = None) -> None:
    alert = Alert(
        alert_id=alert_id,
        visit_id="v1",
        role=role,
        staff_id=staff_id,
        level=Level.NORMAL,
        title="到访",
        text="客户到访",
        speech="客户到访",
        raised_at=NINE,
        expires_at=NINE + timedelta(minutes=10),
    )
    hub.raised_alerts.add(alert, "g1", is_host_call=staff_id is not None)


def closed(hub: Hub, alert_id: str, minutes: int) -> None:
    over = AlertClosed(
        alert_id=alert_id,
        visit_id="v1",
        reason=CloseReason.CLAIMED,
        closed_at=NINE + timedelta(minutes=minutes),
    )
    hub.raised_alerts.close(over)


def test_a_tablet_hears_again_of_its_own_check_ins_that_were_in_time(hub: Hub) -> None:
    in_time, late = NATURAL, replace(NATURAL, check_in_id="c-2", seq=2)
    next_door = replace(NATURAL, check_in_id="c-3", kiosk_id="gallery")
    hub.inbox.add_check_in(in_time, NINE, is_late=False)
    hub.inbox.add_check_in(late, NINE, is_late=True)
    hub.inbox.add_check_in(next_door, NINE, is_late=False)
    assert hub.inbox.check_ins_since("lobby", NINE) == [in_time]
    assert hub.inbox.check_ins_since("lobby", NINE + timedelta(seconds=1)) == []


def test_what_comes_twice_is_kept_once(hub: Hub) -> None:
    assert hub.inbox.add_arrival(arrival(), NINE, is_late=False)
    assert not hub.inbox.add_arrival(arrival(), NINE, is_late=False)
    assert hub.inbox.add_message("m-1", arrival(), NINE)
    assert not hub.inbox.add_message("m-1", arrival(), NINE)
    assert hub.inbox.arrival("a-1") == arrival()


def test_a_phone_is_told_of_its_own_alerts_that_are_open_or_were_closed_of_late(hub: Hub) -> None:
    raised(hub, "mine", staff_id="li")
    raised(hub, "my-posts", role="door")
    raised(hub, "anothers", staff_id="wang")
    raised(hub, "another-posts", role="bar")
    raised(hub, "long-over", staff_id="li")
    raised(hub, "just-over", staff_id="li")
    closed(hub, "long-over", 1)
    closed(hub, "just-over", 2)
    since = NINE + timedelta(minutes=2)
    told = hub.raised_alerts.known_to("li", ("door", "gate"), since)
    assert [row.alert.alert_id for row in told] == ["mine", "my-posts", "just-over"]
    assert [row.closed is None for row in told] == [True, True, False]
    told = hub.raised_alerts.known_to("li", (), since)
    assert [row.alert.alert_id for row in told] == ["mine", "just-over"]


def test_a_visit_s_posts_are_those_that_were_told_of_it(hub: Hub) -> None:
    raised(hub, "open", staff_id="li")
    raised(hub, "over", role="door")
    closed(hub, "over", 1)
    assert hub.raised_alerts.posts_of("v1") == ("door",)
    assert hub.raised_alerts.posts_of("v2") == ()
    assert hub.raised_alerts.find("never-raised") is None


def test_of_what_cannot_be_used_only_the_latest_is_kept(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker.store.inbox, "REJECTED_KEPT", 101)
    for number in range(102):
        hub.inbox.reject("t", b"%d" % number, "no JSON", NINE + timedelta(seconds=number))
        assert hub.inbox.db.table("rejected").count == min(number + 1, 101)
    kept = {row["payload"] for row in hub.inbox.db.table("rejected").rows}
    assert kept == {b"%d" % number for number in range(1, 102)}
