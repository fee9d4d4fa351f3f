"""Turns a finished visit into one check-in (到访登记) for the hub."""

import hashlib
import logging
import threading
from collections.abc import Callable

from kiosk.answers import NOBODY, Answers, Named
from kiosk.questions import Step
from kiosk.settings import KioskSettings
from kiosk.store import Store
from kiosk.visits import Visit
from shared.clock import Clock, Stopwatch
from shared.messages import Answer3, CheckIn, Evidence, Message

log = logging.getLogger(__name__)


class Desk:
    """Makes check-ins and posts them; may be used from several threads."""

    def __init__(
        self,
        settings: KioskSettings,
        store: Store,
        post: Callable[[Message], None],
        clock: Clock,
        stopwatch: Stopwatch,
    ) -> None:
        self._settings, self._store, self._post = settings, store, post
        self._clock, self._stopwatch = clock, stopwatch
        self._lock = threading.Lock()

    def check_in(self, visit: Visit) -> None:
        """Hand over the visit's answers, on disk when this returns; a second call does nothing."""
        with self._lock:
            if visit.checked_in_at:
                return
            check_in = self._made_from(visit)
            # Noted first: the hub may answer before `post` returns.
            visit.number, visit.checked_in_at = check_in.visitor_number, check_in.checked_in_at
            visit.checked_in_s = self._stopwatch()
            try:
                self._post(check_in)
            except BaseException:
                visit.checked_in_at = None
                raise
        log.info(
            "check-in %s seq %d: first %s, family %s, contacted %s, named %s, phone %s",
            *(check_in.check_in_id, check_in.seq),
            *(check_in.is_first_visit, check_in.family_visited, check_in.was_contacted),
            *(check_in.named_consultant_id, "given" if check_in.phone else "none"),
        )

    def _made_from(self, visit: Visit) -> CheckIn:
        answers, details = visit.answers, visit.answers.details
        named, of_family = (
            answers.named_on(step) for step in (Step.CONSULTANT, Step.FAMILY_CONSULTANT)
        )
        seq = self._store.next_seq()
        return CheckIn(
            check_in_id=visit.check_in_id,
            kiosk_id=self._settings.kiosk_id,
            seq=seq,
            checked_in_at=self._clock(),
            phone=details.phone,
            surname=details.surname,
            salutation=details.salutation,
            plate=answers.plate,
            party_size=details.party_size,
            is_first_visit=answers.given.get(Step.FIRST_VISIT, Answer3.UNSURE),
            family_visited=answers.given.get(Step.FAMILY, Answer3.UNSURE),
            was_contacted=answers.given.get(Step.CONTACTED, Answer3.UNSURE),
            named_consultant_id=_id_of(named),
            named_text=named.text,
            family_consultant_id=_id_of(of_family),
            family_text=of_family.text,
            family_phone=details.family_phone if answers.has_family else None,
            evidence=_evidence(answers),
            arrival_id=answers.car.arrival_id if answers.car else None,
            consented_at=answers.consented_at,
            agrees_across=details.agrees_across and details.phone is not None,
            language=answers.language,
            needs=details.needs,
            drinks=details.drinks,
            visitor_number=visitor_number(self._settings.number_prefix, seq),
            guest=answers.guest,
            page_key=hashlib.sha256(visit.page_secret.encode()).hexdigest(),
        )


def visitor_number(prefix: str, seq: int) -> str:
    """Three digits by which hosts find their visitors: no two alike among 900 in a row.

    ``prefix`` tells one tablet's visitors from another's.
    """
    return f"{prefix}{seq % 900 + 100}"


def _evidence(answers: Answers) -> Evidence:
    """What the visitor can show; naming a consultant is evidence too (000-3)."""
    if Step.EVIDENCE in answers.path() and answers.evidence:
        return answers.evidence
    named = answers.named_on(Step.CONSULTANT)
    if named == NOBODY:
        return Evidence.NONE
    return Evidence.CARD if named.has_card else Evidence.NAME


def _id_of(named: Named) -> str | None:
    return named.consultant.consultant_id if named.consultant else None
