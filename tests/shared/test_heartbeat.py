from shared.heartbeat import CLOCK_SET_S, Heartbeat
from shared.messages import DiskFigures, NodeKind, NodeState
from shared.node import HEARTBEAT_S, Measured, Node
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


def test_a_node_says_with_each_heartbeat_what_it_measured_and_not_in_its_last_will() -> None:
    counts = iter(range(10))
    disk = DiskFigures(free_mb=1, total_mb=2)
    node = Node(
        "xihu", "north", NodeKind.GATE, "1", FakeClock(), lambda: Measured(disk, next(counts))
    )
    told = [node.status(NodeState.ONLINE) for _ in range(2)]
    assert [(each.disk, each.unread) for each in told] == [(disk, 0), (disk, 1)]
    assert node.status(NodeState.OFFLINE).disk is None
