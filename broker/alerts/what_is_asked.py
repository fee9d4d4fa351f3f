"""Which alerts ask for what, and which are over by themselves: by their words."""

from shared.messages import AlertKind

CAR_WORDS = frozenset(
    {"car_parking", "car_door", "car_announced", "own_car", "next_car", "check_plate"}
    | {"look_alike", "look_alikes", "no_plate_parking", "no_plate_door", "on_foot"}
)
"""The alerts of somebody who came and has not checked in; the check-in ends them."""
TASKS = frozenset(
    {"check_plate", "look_alike", "needs", "order", "order_again", "refill", "showflat", "cart"}
    | {"departure_asked", "turned_away", "agree_time", "let_in", "slot_offered"}
    | {"pass_check", "pass_over"}
    | {"forced_entry", "sent_on"}
    | {"duty_due", "duty_by_hand", "duty_late", "duty_unanswered", "duty_ask"}
)
"""Something is to be done, and it is done or can't be."""
GOING = frozenset({"escalated"})
"""A notice of the rules for which somebody has to go."""
AT_ONCE = frozenset({"leaving"})
"""Told, and over: nobody has anything to answer."""


def asked_by(words: str, *, is_news: bool) -> AlertKind:
    """What an alert of these words asks; ``is_news``: nobody has to go for it."""
    if words in TASKS:
        return AlertKind.TASK
    return AlertKind.NOTICE if is_news and words not in GOING else AlertKind.CALL
