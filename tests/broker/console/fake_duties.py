"""Today's duties, as a page's tests know them."""

from dataclasses import dataclass, field
from datetime import timedelta

from broker.alerts.duty_calls import ANSWERS, TICKS
from broker.alerts.notice_calls import KEPT_ACTIONS
from broker.alerts.pass_calls import CHECKS
from broker.alerts.weather import WEATHER
from broker.console.duties_form import USUAL
from broker.console.duty_view import DutyLine
from broker.console.pass_page import FIELDS
from broker.console.people_view import Person
from broker.health.rehearsal import Tried
from broker.rules.duties import DutyState
from broker.rules.duty_table import Late
from shared.errors import OperatorError
from shared.messages import PassKind, StaffReport
from tests.broker.console.fake_devices import DEVICE_WORDS
from tests.broker.console.fake_plans import PLAN_WORDS
from tests.fakes import NINE

POST_ACTS = (*TICKS, *ANSWERS, *CHECKS, *KEPT_ACTIONS)
POST_WORDS: dict[str, set[str]] = {
    "duty": {
        *(f"state_{state}" for state in set(DutyState) - {DutyState.DROPPED}),
        *(f"late_{late}" for late in Late),
        *(key for key, *_ in USUAL),
    },
    "pass": {*FIELDS, *(f"kind_{kind}" for kind in PassKind)},
    **PLAN_WORDS,
    **DEVICE_WORDS,
    "weather": {*WEATHER},
}
"""The sentences of the pages whose keys are made."""
TRIED_WORDS = {f"tried_{tried}" for tried in Tried}
"""Of the sheet before opening, beside the first steps'."""


@dataclass
class FakeDuties:
    """See ``DutyBook``."""

    ticked: list[StaffReport] = field(default_factory=list)
    is_over: bool = False

    def today(self, person: Person) -> tuple[DutyLine, ...]:
        """See DutyBook."""
        may = ("duty_done", "duty_impossible")
        carts = DutyLine("d-1", NINE, "cart", "电瓶车<车况>", "told", is_overdue=True, may=may)
        asked = ("duty_run", "duty_skip")
        late = DutyLine("d-2", NINE, "door", "开窗", "asked", is_overdue=True, may=asked)
        over = DutyLine("d-0", NINE - timedelta(hours=1), "gate", "巡逻", "skipped", False)
        return (over, carts, late) if "manager" in person.roles else ()

    def of_everybody(self) -> tuple[DutyLine, ...]:
        """See DutyBook."""
        done = DutyLine("d-3", NINE, "bar", "备水果", "done", is_overdue=False, by="小吴")
        later = DutyLine("d-4", NINE + timedelta(hours=9), "cart", "充电", "planned", False)
        over = DutyLine("d-0", NINE - timedelta(hours=1), "gate", "巡逻", "skipped", False)
        return (over, done, later, DutyLine("d-1", NINE, "cart", "电瓶车<车况>", "told", True))

    def tick(self, report: StaffReport) -> None:
        """See DutyBook."""
        if self.is_over:
            raise OperatorError("error.duty_over_by", who="老韩")
        self.ticked.append(report)
