from msgspec.structs import replace

from shared.heartbeat import CLOCK_SET_S, Heartbeat
from shared.messages import NodeKind, NodeState, NodeStatus
from shared.node import HEARTBEAT_S, Node
from tests.fakes import SITE, FakeClock, FakeLink


def test_the_hub_hears_at_once_that_a_clock_was_set() -> None:
    link, clock = FakeLink(), FakeClock()
    heartbeat = Heartbeat(Node(SITE, "north", NodeKind.GATE, "test", clock), link)

    def beats_after(seconds: float) -> int:
        clock.pass_s(seconds)
        before = len(link.sent)
        heartbeat.renew(clock.running_s(), lambda: 0)
        return len(link.sent) - before

    assert beats_after(HEARTBEAT_S) == 1
    assert beats_after(1) == 0
    for hour_s in (-3600, 3600):
        clock.is_set(hour_s)
        assert [beats_after(1), beats_after(1)] == [1, 0]
    clock.is_set(CLOCK_SET_S / 2)
    assert beats_after(1) == 0


def test_each_heartbeat_says_what_the_node_measured_and_its_last_will_does_not() -> None:
    link, clock, counts = FakeLink(), FakeClock(), iter(range(10))
    node = Node(SITE, "north", NodeKind.GATE, "test", clock)
    heartbeat = Heartbeat(node, link, measured=lambda status: replace(status, unread=next(counts)))
    for _ in range(2):
        clock.pass_s(HEARTBEAT_S)
        heartbeat.renew(clock.running_s(), lambda: 0)
    told = [message.unread for message in link.sent if isinstance(message, NodeStatus)]
    assert told == [0, 1]
    assert node.status(NodeState.OFFLINE).unread is None
