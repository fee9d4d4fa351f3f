from datetime import timedelta

import pytest

from broker.handlers.context import Hub
from broker.hub.outgoing import CONFIRM_WITHIN_S, Outgoing
from shared.messages import Scene
from tests.fakes import FakeClock, FakeLink, FakeSent
from tests.samples import arrival


def test_what_was_not_confirmed_is_sent_again_over_a_new_connection(
    hub: Hub, link: FakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeSent, "is_confirmed", lambda _sent, _wait_s: False)
    hub.outbox.put(arrival())
    outgoing = Outgoing(hub.outbox, link)
    outgoing.send()
    outgoing.send()
    assert link.sent == [arrival()]
    link.connections += 1
    outgoing.send()
    assert link.sent == [arrival()] * 2


def test_what_the_server_does_not_confirm_in_time_is_sent_again_on_the_same_connection(
    hub: Hub, link: FakeLink, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeSent, "is_confirmed", lambda _sent, _wait_s: False)
    hub.outbox.put(arrival())
    outgoing = Outgoing(hub.outbox, link, stopwatch=clock.running_s)
    outgoing.send()
    for _ in range(3):
        outgoing.settle()
        outgoing.send()
    assert link.sent == [arrival()]
    clock.pass_s(CONFIRM_WITHIN_S + 1)
    outgoing.settle()
    outgoing.send()
    assert link.sent == [arrival()] * 2


def test_a_command_that_waited_until_it_was_over_is_never_sent_and_holds_up_nothing(
    hub: Hub, link: FakeLink, clock: FakeClock
) -> None:
    command = Scene(
        scene_id="s-1",
        name="lights",
        is_on=True,
        sent_at=clock(),
        expires_at=clock() + timedelta(seconds=30),
    )
    outgoing = Outgoing(hub.outbox, link, clock)
    hub.outbox.put(command)
    outgoing.send()
    assert link.sent == [command]
    outgoing.settle()
    hub.outbox.put_all([command, arrival()])
    clock.pass_s(30)
    outgoing.send()
    outgoing.settle()
    assert link.sent == [command, arrival()]
    assert hub.outbox.depth() == 0
