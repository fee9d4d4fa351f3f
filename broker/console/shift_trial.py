"""What a change of the shifts would leave without anybody, before it is made (先看看会怎样)."""

from collections.abc import Iterable
from datetime import date, timedelta

from flask import Response, render_template, request

from broker.console.parts import parts, today
from broker.console.settings_form import CONFIRMED
from broker.console.site_view import Person
from broker.local.questions import Edit
from broker.rules.policy import CLOSED, Policy
from broker.rules.shifts import AHEAD, posts_without

BareDay = tuple[date, tuple[str, ...]]
"""A day, and the posts that nobody would hold on it."""


def unmanned(people: Iterable[Person], policy: Policy, on: date) -> tuple[str, ...]:
    """The posts of these people that nobody holds on the day; none while the house is closed."""
    if policy.hours(on) == CLOSED:
        return ()
    everybody = tuple(people)
    held = dict.fromkeys(role for person in everybody for role in person.roles)
    working = (who.roles for who in everybody if policy.shifts.is_on(who.staff_id, on))
    return posts_without(working, held)


def newly_bare(edits: tuple[Edit, ...]) -> list[BareDay]:
    """The days to come on which these edits take the last one from a post; none once confirmed.

    Raises:
        OperatorError: a value cannot hold.
    """
    if not edits or CONFIRMED in request.form:
        return []
    desk, people = parts().site.settings, parts().site.people()
    now, then = desk.policy, desk.policy_after(edits)
    found = []
    for on in (today() + timedelta(days=number) for number in range(AHEAD.days + 1)):
        if lacking := unmanned(people, then, on):
            already = unmanned(people, now, on)
            found.append((on, tuple(role for role in lacking if role not in already)))
    return [(on, lacking) for on, lacking in found if lacking]


def asked_about(bare: list[BareDay], back: str) -> Response:
    """The page that shows these days and asks: nothing is saved yet."""
    typed = [(name, text) for name, texts in request.form.lists() for text in texts]
    page = render_template(
        "settings_shift_trial.html",
        bare=bare,
        typed=[(name, text) for name, text in typed if name != "csrf"],
        back=back,
    )
    return Response(page)
