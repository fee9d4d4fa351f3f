from msgspec.structs import replace

from broker.handlers.context import Hub
from shared.messages import Alert, Message
from tests.fakes import FakeClock
from tests.hub_answers import ack, alerts, answers, closed, time_passes
from tests.samples import NATURAL


def ended(found: list[Message]) -> set[str]:
    return {alert_id for alert_id, _, _ in closed(found)}


def wheelchair_wanted(hub: Hub) -> tuple[Alert, Alert]:
    """The host's call for a visitor who needs a wheelchair, and parking's alert to bring one."""
    told = alerts(answers(hub, replace(NATURAL, needs=("wheelchair",))))
    return told["li"], told["parking"]


def test_the_wheelchair_is_still_to_be_brought_once_the_host_comes(hub: Hub) -> None:
    call, wheelchair = wheelchair_wanted(hub)
    over = ended(answers(hub, ack(call, "li")))
    assert call.alert_id in over
    assert wheelchair.alert_id not in over


def test_the_wheelchair_is_still_to_be_brought_when_another_host_is_called(
    hub: Hub, clock: FakeClock
) -> None:
    call, wheelchair = wheelchair_wanted(hub)
    clock.pass_s(121)
    over = ended(time_passes(hub))
    assert call.alert_id in over
    assert wheelchair.alert_id not in over
