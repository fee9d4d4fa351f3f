"""The pages' ``DutyBook``: today's duties as the hub's file tells them."""

from broker.alerts.duty_calls import ANSWERS, TICKS
from broker.console.duty_view import DutyLine
from broker.console.people_view import Person
from broker.handlers.context import Hub
from broker.handlers.report_kinds import REPORTS
from broker.local.post_box import PostBox
from broker.rules.duties import MAY_FOLLOW, Duty, DutyState
from broker.rules.state import MANAGER
from broker.store.duty_rows import duties_of_day
from shared.messages import ReportKind, StaffReport


class HubDuties:
    """See ``DutyBook``."""

    def __init__(self, hub: Hub, post_box: PostBox) -> None:
        self._hub, self._post_box = hub, post_box

    def today(self, person: Person) -> tuple[DutyLine, ...]:
        """See DutyBook."""
        posts = {*person.roles}
        return tuple(
            _line(self._hub, duty, person.staff_id)
            for duty in self._planned()
            if MANAGER in posts or duty.post in posts or duty.staff_id == person.staff_id
        )

    def of_everybody(self) -> tuple[DutyLine, ...]:
        """See DutyBook."""
        return tuple(_line(self._hub, duty) for duty in self._planned())

    def _planned(self) -> tuple[Duty, ...]:
        """Today's that nobody took out of the table."""
        with self._hub.disk.reading() as db:
            on = self._hub.choices.policy.local(self._hub.clock()).date()
            found = tuple(duties_of_day(db, on))
        return tuple(duty for duty in found if duty.state is not DutyState.DROPPED)

    def tick(self, report: StaffReport) -> None:
        """See DutyBook."""
        self._post_box.post(report)


def _line(hub: Hub, duty: Duty, reader_id: str | None = None) -> DutyLine:
    names = hub.people.names()
    return DutyLine(
        duty_id=duty.duty_id,
        due_at=duty.due_at,
        post=duty.post,
        text=duty.text,
        state=duty.state,
        is_overdue=duty.is_overdue(hub.clock()),
        by=names.get(duty.by, duty.by) if duty.by else None,
        ended_at=duty.ended_at,
        may=_may(duty),
        card=duty.plan_id if reader_id and duty.staff_id == reader_id else None,
    )


def _may(duty: Duty) -> tuple[str, ...]:
    """Who is asked whether it is still done answers just that."""
    fitting = ANSWERS if duty.state is DutyState.ASKED else TICKS
    acts = {kind: REPORTS[ReportKind(kind)].ticks for kind in fitting}
    return tuple(kind for kind, act in acts.items() if act and duty.state in MAY_FOLLOW[act])
