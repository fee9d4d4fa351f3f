"""A gate or tablet whose file was replaced at its start: the manager hears of it once."""

from datetime import timedelta

from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from shared.mending import PROBLEM
from shared.messages import Alert, NodeKind, NodeState, NodeStatus
from tests.fakes import FakeClock


def status(kind: NodeKind, clock: FakeClock, problem: str | None) -> NodeStatus:
    return NodeStatus(
        node_id="north", kind=kind, state=NodeState.ONLINE, at=clock.moment, problem=problem
    )


def told(hub: Hub) -> list[tuple[str | None, str]]:
    waiting = (each.message for each in hub.outbox.waiting(100))
    return [(each.role, each.text) for each in waiting if isinstance(each, Alert)]


def test_the_manager_hears_once_of_each_program_whose_file_was_replaced(
    hub: Hub, clock: FakeClock
) -> None:
    for kind in (NodeKind.GATE, NodeKind.KIOSK):
        handle(hub, status(kind, clock, PROBLEM))
    let_time_pass(hub)
    assert [role for role, _ in told(hub)] == ["manager", "manager"]
    assert "gate north 的数据文件" in told(hub)[0][1]
    handle(hub, status(NodeKind.GATE, clock, PROBLEM))
    let_time_pass(hub)
    assert len(told(hub)) == 2


def test_it_is_told_again_when_it_happens_again(hub: Hub, clock: FakeClock) -> None:
    for problem in (PROBLEM, None, PROBLEM):
        clock.moment += timedelta(seconds=1)
        handle(hub, status(NodeKind.GATE, clock, problem))
        let_time_pass(hub)
    assert len(told(hub)) == 2
