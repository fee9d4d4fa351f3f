"""Cases for the pages' tests. All invented."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from broker.console.case_view import CaseLine, CasePage, DeedLine, KeptLine
from broker.console.people_view import Person
from broker.local.questions import CaseOpened, CaseStep
from broker.rules.cases import Act
from shared.errors import MessageError
from tests.broker.console.fake_archive import NINE


def a_repair() -> CasePage:
    """A repair that was acknowledged late and is being worked on."""
    hour = timedelta(hours=1)
    line = CaseLine(
        *("k1", "1123-01", "repair", NINE, "acknowledged", NINE + 9 * hour),
        is_late=False,
        is_call_back_due=False,
        name="王女士",
    )
    return CasePage(
        line=line,
        text="<水龙头>漏水，回电 13900139000",
        wish="今天修好",
        phone="13900139000",
        place="样板房 B",
        by="李敏",
        acknowledge_by=None,
        solve_by=NINE + 9 * hour,
        kept=(KeptLine("acknowledge", NINE + hour, NINE + 2 * hour, is_late=True),),
        deeds=(DeedLine(NINE + 2 * hour, "陈静", "acknowledge", "已派工程"),),
        may=tuple(Act),
    )


@dataclass
class FakeCases:
    """See ``CaseBook``."""

    known: dict[str, CasePage] = field(default_factory=lambda: {"k1": a_repair()})
    opened: list[CaseOpened] = field(default_factory=list)
    steps: list[CaseStep] = field(default_factory=list)
    refuses: bool = False

    def lines(self) -> tuple[CaseLine, ...]:
        """See CaseBook."""
        return tuple(page.line for page in self.known.values())

    def one(self, case_id: str, person: Person) -> CasePage | None:
        """See CaseBook. Only the manager works on it."""
        found = self.known.get(case_id)
        if found is None or "manager" in person.roles:
            return found
        return replace(found, may=())

    def open(self, asked: CaseOpened) -> None:
        """See CaseBook."""
        if self.refuses:
            raise MessageError("error.not_yours")
        self.opened.append(asked)

    def step(self, asked: CaseStep) -> None:
        """See CaseBook."""
        if self.refuses:
            raise MessageError("error.case_step")
        self.steps.append(asked)
