from broker.handlers.context import Hub
from broker.rules.facts import Keys
from tests.fakes import NINE


def test_who_was_here_today_is_found_without_going_through_all_the_years(hub: Hub) -> None:
    said: list[str] = []
    connection = hub.inbox.db.conn
    connection.set_trace_callback(said.append)
    keys = Keys(phone="13800138000", plates=("浙A12345", "浙A54321"), visit_id="v1")
    assert hub.visits.receptions(keys, NINE) == ()
    connection.set_trace_callback(None)
    (asked,) = said
    plan = [str(step[3]) for step in connection.execute(f"explain query plan {asked}")]
    assert [step for step in plan if "visits" in step]
    assert not [step for step in plan if step.startswith("SCAN") and "visits" in step]
