"""The tablet's word agrees with the hub's state: nobody has set out who did not say so."""

from msgspec.structs import replace

from broker.handlers.context import Hub
from shared.messages import Assignment, Coming, Message, NodeState
from tests.fakes import FakeClock
from tests.flow.promises import mornings
from tests.hub_answers import ack, alerts, answers, phones_come_online, status, time_passes
from tests.samples import NATURAL


def words(found: list[Message]) -> list[tuple[str | None, Coming]]:
    return [(each.host_name, each.coming) for each in found if isinstance(each, Assignment)]


def test_no_random_morning_makes_the_tablet_promise_too_much() -> None:
    shown = set().union(*mornings(range(20)))
    assert {"asked", "set_out", "please_wait", "over"} <= shown


def test_who_is_asked_has_set_out_only_after_their_own_word(hub: Hub) -> None:
    phones_come_online(hub, "li")
    found = answers(hub, NATURAL)
    assert words(found) == [("李敏", Coming.ASKED)]
    claimed = answers(hub, ack(alerts(found)["li"], "li"))
    assert words(claimed) == [("李敏", Coming.SET_OUT)]


def test_a_name_goes_with_its_phone_and_comes_back_with_it(hub: Hub, clock: FakeClock) -> None:
    phones_come_online(hub, "li")
    assert words(answers(hub, NATURAL)) == [("李敏", Coming.ASKED)]
    answers(hub, replace(status("li"), state=NodeState.OFFLINE))
    clock.pass_s(1)
    assert words(time_passes(hub)) == [(None, Coming.ASKED)]
    phones_come_online(hub, "li")
    clock.pass_s(1)
    assert words(time_passes(hub)) == [("李敏", Coming.ASKED)]
    clock.pass_s(1)
    assert words(time_passes(hub)) == []
