"""The pages' ``Health``: the doctor's own checks, made by the running hub."""

from dataclasses import replace
from datetime import datetime, timedelta

from broker.console.health_view import CheckLine, HeadLine, HealthView, Remedy
from broker.doctor.examination import CHECKS, QUICK, Result, examine
from broker.doctor.finding import Check, unknown
from broker.doctor.last_examination import Examined, KeptFinding, last_examination
from broker.doctor.patient import Patient
from broker.doctor.said import said, title_of
from broker.handlers.context import Hub
from broker.heads.signed_now import signed_head
from broker.health.site_figures import Condition, Figures
from broker.queries.measuring import HubFigures
from broker.site_key.signing import FILE_NAME, Signer, make_signer

GOOD_FOR = timedelta(hours=50)
"""The hub examines itself every day; one may be missed."""


class HubHealth:
    """See ``Health``. Any thread may ask."""

    def __init__(self, patient: Patient, hub: Hub, figures: HubFigures) -> None:
        self._patient, self._hub, self._figures = patient, hub, figures

    def figures(self) -> Figures:
        """See Health."""
        return self._figures.measure()

    def view(self, language: str) -> HealthView:
        """See Health."""
        figures = self.figures()
        patient = replace(self._patient, figures=figures, clock=lambda: figures.at)
        now = {result.name: result for result in examine(patient, QUICK)}
        kept = last_examination(patient.database)
        lines = (
            _line(now[check.name], language)
            if check.is_quick
            else _kept_line(check, kept, figures.at, language)
            for check in CHECKS
        )
        return HealthView(tuple(lines), figures)

    def head(self) -> HeadLine | None:
        """See Health."""
        if self._hub.disk.is_unsaved:
            return None
        on = self._hub.decider.policy.local(self._hub.clock()).date().isoformat()
        assert self._patient.hub
        with self._hub.disk.reading() as db:
            head = signed_head(db.conn, self._patient.hub.site, on, self._signer())
        return HeadLine(head.on, head.seq, head.text) if head is not None else None

    def public_key(self) -> str:
        """See Health."""
        return self._signer().public

    def _signer(self) -> Signer:
        return make_signer(self._patient.folder / FILE_NAME)


def _line(result: Result, language: str) -> CheckLine:
    told = [said(finding, language) for finding in result.found or ()]
    found = tuple(Remedy(each.condition, each.what, each.do) for each in told)
    return CheckLine(result.name, title_of(result.name, language), result.condition, found)


def _kept_line(check: Check, kept: Examined | None, moment: datetime, language: str) -> CheckLine:
    """As the last examination found it; what is long ago or was not made is not known."""
    title, found = title_of(check.name, language), kept.found.get(check.name) if kept else None
    if kept is None or found is None or moment - kept.at > GOOD_FOR:
        told = said(unknown("not_examined"), language)
        remedy = Remedy(told.condition, told.what, told.do)
        return CheckLine(check.name, title, Condition.UNKNOWN, (remedy,), kept.at if kept else None)
    remedies = tuple(_remedy(each, language) for each in found)
    conditions = {each.condition for each in remedies}
    worst = next((each for each in Condition if each in conditions), Condition.FINE)
    return CheckLine(check.name, title, worst, remedies, kept.at)


def _remedy(finding: KeptFinding, language: str) -> Remedy:
    return Remedy(finding.condition, finding.what[language], finding.do[language])
