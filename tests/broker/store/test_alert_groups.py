from datetime import timedelta

from msgspec.structs import replace

from broker.alerts.care import Care
from broker.alerts.life import AlertGroup, AlertState, Asked, Kind, changed
from broker.handlers.context import Hub
from broker.store.alert_groups import AlertGroups
from tests.fakes import NINE

GROUP = AlertGroup(
    group_id="g1",
    subject="v1",
    about="host",
    kind=Kind.HOST,
    raised_at=NINE,
    ends_at=NINE + timedelta(minutes=10),
    repeat_at=NINE + timedelta(seconds=10),
    asked=(Asked(alert_id="1", staff_id="li"),),
)


def test_a_group_is_looked_at_when_it_is_due_and_while_it_waits_for_people_once_a_second(
    hub: Hub,
) -> None:
    notice = replace(GROUP, group_id="g2", kind=Kind.NOTICE)
    over = replace(changed(GROUP, "1", AlertState.CLAIMED), group_id="g3")
    for group in (GROUP, notice, over):
        hub.alert_groups.save(group, NINE + timedelta(seconds=10))

    def looked_at(seconds: float) -> list[str]:
        found = hub.alert_groups.to_look_at(NINE + timedelta(seconds=seconds))
        return [group.group_id for group in found]

    assert looked_at(0) == ["g1"]
    assert looked_at(0.9) == []
    assert looked_at(1) == ["g1"]
    assert looked_at(9.9) == ["g1"]
    assert looked_at(10) == ["g1", "g2"]
    assert looked_at(11) == ["g1", "g2"]


def test_looking_for_what_is_due_costs_the_same_however_many_groups_there_are(hub: Hub) -> None:
    notice = replace(GROUP, kind=Kind.NOTICE)
    connection, steps = hub.inbox.db.conn, [0]

    def count() -> int:
        steps[0] += 1
        return 0

    def cost() -> int:
        steps[0] = 0
        connection.set_progress_handler(count, 1)
        look = AlertGroups(hub.inbox.db)  # one that has not looked yet
        assert look.to_look_at(NINE) == []
        connection.set_progress_handler(None, 1)
        return steps[0]

    def save(first: int, end: int) -> None:
        with hub.inbox.db.atomic():
            for number in range(first, end):
                group = replace(notice, group_id=f"g{number}", subject=f"v{number}")
                is_over = number % 2
                kept = changed(group, "1", AlertState.CLAIMED) if is_over else group
                hub.alert_groups.save(kept, NINE + timedelta(minutes=5))

    save(0, 10)
    of_ten = cost()
    save(10, 400)
    assert 0 < cost() <= of_ten


def test_many_groups_are_looked_at_a_few_at_a_time_and_each_before_any_comes_again(
    hub: Hub,
) -> None:
    names = [f"g{number}" for number in range(7)]
    for name in names:
        hub.alert_groups.save(replace(GROUP, group_id=name), NINE)
    looked_at, rests = [], []
    for _ in range(3):
        looked_at.append([group.group_id for group in hub.alert_groups.to_look_at(NINE, 3)])
        rests.append(hub.alert_groups.has_more)
    assert looked_at == [names[:3], names[3:6], names[6:]]
    assert rests == [True, True, False]
    over = replace(changed(GROUP, "1", AlertState.CLAIMED), group_id="g4")
    hub.alert_groups.to_look_at(NINE, 3)
    hub.alert_groups.save(over, NINE)
    assert "g4" not in [group.group_id for group in hub.alert_groups.to_look_at(NINE, 3)]


def test_a_clock_that_was_set_back_stops_nobody_from_looking(hub: Hub) -> None:
    hub.alert_groups.save(GROUP, NINE + timedelta(seconds=10))
    assert hub.alert_groups.to_look_at(NINE) == [GROUP]
    assert hub.alert_groups.to_look_at(NINE - timedelta(hours=1)) == [GROUP]


def test_what_is_asked_for_a_visit_is_what_is_still_open(hub: Hub) -> None:
    hub.alert_groups.save(GROUP, NINE)
    hub.alert_groups.save(replace(GROUP, group_id="g2", subject="v2"), NINE)
    assert hub.alert_groups.open_of("v1") == [GROUP]
    hub.alert_groups.save(changed(GROUP, "1", AlertState.CLAIMED), NINE)
    assert hub.alert_groups.open_of("v1") == []
    assert hub.alert_groups.of_alert("never raised") is None


def test_the_bar_is_asked_for_whoever_has_waited_longest_first(hub: Hub) -> None:
    for visit_id, minutes in (("v1", 5), ("v2", 4), ("v3", 6)):
        due_at = NINE + timedelta(minutes=minutes)
        hub.alert_groups.save_care(Care(visit_id=visit_id, refill_due_at=due_at))
    hub.alert_groups.save_care(Care(visit_id="v4"))
    due = hub.alert_groups.cares_due(NINE + timedelta(minutes=5))
    assert [care.visit_id for care in due] == ["v2", "v1"]
    assert hub.alert_groups.care("v9") == Care(visit_id="v9")


def test_a_gate_that_sees_again_has_no_trouble(hub: Hub) -> None:
    assert hub.alert_groups.trouble("north") is None
    hub.alert_groups.save_trouble("north", "dark")
    assert hub.alert_groups.trouble("north") == "dark"
    hub.alert_groups.save_trouble("north", None)
    assert hub.alert_groups.trouble("north") is None
