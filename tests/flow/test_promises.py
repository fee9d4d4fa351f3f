"""The tablet's word agrees with the hub's state: nobody has set out who did not say so."""

from tests.flow.promises import mornings


def test_no_random_morning_makes_the_tablet_promise_too_much() -> None:
    shown = set().union(*mornings(range(20)))
    assert {"asked", "set_out", "please_wait", "over"} <= shown
