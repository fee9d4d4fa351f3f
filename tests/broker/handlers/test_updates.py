"""A release that was taken back: the manager hears of it once, and the journal notes it."""

from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.local.questions import UpdateTakenBack
from shared.messages import Alert
from tests.fakes import NINE


def test_the_manager_hears_once_of_a_release_that_was_taken_back(hub: Hub) -> None:
    told = UpdateTakenBack(request_id="u-1", asked_at=NINE, version="1.2.3")
    for _ in range(2):
        handle(hub, told)
    alerts = [each.message for each in hub.outbox.waiting(100)]
    (alert,) = (each for each in alerts if isinstance(each, Alert))
    assert (alert.role, alert.title) == ("manager", "更新已退回")
    assert "版本 1.2.3 在这里不能正常工作" in alert.text
    kinds = [kind for (kind,) in hub.inbox.db.execute("select kind from journal")]
    assert kinds.count("UpdateTakenBack") == 1
