"""The pages' ``CaseBook``: cases as the hub's file tells them."""

from collections.abc import Iterable

from broker.console.case_view import CaseLine, CasePage, DeedLine, KeptLine, PictureLine
from broker.console.people_view import Person
from broker.handlers.case_work import may_work_on
from broker.handlers.context import Hub
from broker.handlers.defect_pictures import may_see_pictures
from broker.local.case_questions import CasePictured, CasePictureGone
from broker.local.post_box import PostBox
from broker.local.questions import CaseOpened, CaseStep
from broker.rules.case_classes import MOST_PICTURES
from broker.rules.cases import MAY_FOLLOW, Act, CaseLife
from broker.store.case_files import CaseFile, Cases
from broker.store.case_pictures import CasePictures

OVER_SHOWN = 50


class HubCases:
    """See ``CaseBook``."""

    def __init__(self, hub: Hub, post_box: PostBox) -> None:
        self._hub, self._post_box, self._file = hub, post_box, hub.disk.reading

    def lines(self) -> tuple[CaseLine, ...]:
        """See CaseBook."""
        with self._file() as db:
            cases = Cases(db)
            return tuple(map(self._line, (*cases.open_ones(), *cases.latest(OVER_SHOWN))))

    def one(self, case_id: str, person: Person) -> CasePage | None:
        """See CaseBook."""
        with self._file() as db:
            file = Cases(db).find(case_id)
            pictures = CasePictures(db).of_case(case_id)
        if file is None:
            return None
        case, said = file.case, file.said
        is_theirs = may_work_on(self._hub, file, person.staff_id)
        sees = may_see_pictures(self._hub, file, person.staff_id)
        return CasePage(
            line=self._line(file),
            text=said.text,
            wish=said.note,
            phone=said.phone,
            place=said.place,
            by=self._name(said.by) if said.by else None,
            acknowledge_by=case.acknowledge_by,
            solve_by=case.solve_by,
            kept=tuple(
                KeptLine(kept.what, kept.due_at, kept.done_at, kept.is_late) for kept in case.kept
            ),
            deeds=tuple(self._deeds(file)),
            may=_may(case) if is_theirs else (),
            reopened=case.reopened,
            pictures=tuple(
                PictureLine(row.picture_id, row.at, self._name(row.by) if row.by else None)
                for row in (pictures if sees else ())
            ),
            picture_count=len(pictures),
            may_picture=max(0, MOST_PICTURES - len(pictures)) if sees else 0,
        )

    def picture(self, case_id: str, picture_id: str, person: Person) -> bytes | None:
        """See CaseBook."""
        with self._file() as db:
            file = Cases(db).find(case_id)
            if file is None or not may_see_pictures(self._hub, file, person.staff_id):
                return None
            return CasePictures(db).content(case_id, picture_id)

    def bring(self, asked: CasePictured) -> None:
        """See CaseBook."""
        self._post_box.post(asked)

    def take_out(self, asked: CasePictureGone) -> None:
        """See CaseBook."""
        self._post_box.post(asked)

    def open(self, asked: CaseOpened) -> None:
        """See CaseBook."""
        self._post_box.post(asked)

    def step(self, asked: CaseStep) -> None:
        """See CaseBook."""
        self._post_box.post(asked)

    def _line(self, file: CaseFile) -> CaseLine:
        case, moment = file.case, self._hub.clock()
        due = [by for by in (case.acknowledge_by, case.solve_by) if by is not None]
        return CaseLine(
            case_id=case.case_id,
            number=file.number,
            kind=case.kind,
            opened_at=case.opened_at,
            state=case.state,
            due_at=min(due, default=None),
            is_late=bool(case.overdue(moment)),
            is_call_back_due=case.is_call_back_due,
            name=file.said.name,
        )

    def _deeds(self, file: CaseFile) -> Iterable[DeedLine]:
        for deed in file.deeds:
            yield DeedLine(deed.at, self._name(deed.by), deed.act, deed.note, deed.by_when)

    def _name(self, staff_id: str) -> str:
        return self._hub.people.names().get(staff_id, staff_id)


def _may(case: CaseLife) -> tuple[str, ...]:
    return tuple(
        act
        for act in Act
        if case.state in MAY_FOLLOW[act] and (act is not Act.CALL_BACK or case.is_call_back_due)
    )
