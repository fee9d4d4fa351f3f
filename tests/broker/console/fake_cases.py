"""Cases for the pages' tests. All invented."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from broker.console.case_view import CaseLine, CasePage, DeedLine, KeptLine, PictureLine
from broker.console.people_view import Person
from broker.local.case_questions import CasePictured, CasePictureGone
from broker.local.questions import CaseOpened, CaseStep
from broker.rules.cases import Act
from shared.errors import MessageError
from tests.broker.console.fake_archive import NINE

A_JPEG = b"\xff\xd8\xff a picture"


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
        pictures=(PictureLine("p1", NINE + hour, None),),
        picture_count=1,
        may_picture=5,
    )


@dataclass
class FakeCases:
    """See ``CaseBook``."""

    known: dict[str, CasePage] = field(default_factory=lambda: {"k1": a_repair()})
    opened: list[CaseOpened] = field(default_factory=list)
    steps: list[CaseStep] = field(default_factory=list)
    pictures: list[CasePictured] = field(default_factory=list)
    taken_out: list[CasePictureGone] = field(default_factory=list)
    refuses: bool = False
    refuses_pictures: bool = False

    def lines(self) -> tuple[CaseLine, ...]:
        """See CaseBook."""
        return tuple(page.line for page in self.known.values())

    def one(self, case_id: str, person: Person) -> CasePage | None:
        """See CaseBook. Only the manager works on it."""
        found = self.known.get(case_id)
        if found is None or "manager" in person.roles:
            return found
        return replace(found, may=(), pictures=(), may_picture=0)

    def picture(self, case_id: str, picture_id: str, person: Person) -> bytes | None:
        """See CaseBook. Only the manager sees them."""
        return A_JPEG if (case_id, picture_id, person.staff_id) == ("k1", "p1", "chen") else None

    def bring(self, asked: CasePictured) -> None:
        """See CaseBook."""
        if self.refuses_pictures:
            raise MessageError("error.case_pictures", most=6)
        self.pictures.append(asked)

    def take_out(self, asked: CasePictureGone) -> None:
        """See CaseBook."""
        if self.refuses_pictures:
            raise MessageError("error.not_yours")
        self.taken_out.append(asked)

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
