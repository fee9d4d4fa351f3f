"""The pages of ownership in dispute: one visit's evidence, the past decisions, what stands out."""

from datetime import date, timedelta

from flask import Blueprint, Response, abort, make_response, render_template, request
from werkzeug.exceptions import Forbidden

from broker.console.dispute_view import Search, VisitEvidence
from broker.console.evidence_pack import EvidencePack, pack_of
from broker.console.guard import me
from broker.console.parts import parts
from broker.console.patterns_view import is_unusual, share
from broker.console.site_view import Person
from broker.console.who_sees import sees_whole
from broker.console.words import language, say, script_offers, script_words
from broker.rules.authority import What, may_at_post
from broker.rules.state import MANAGER
from shared.errors import OperatorError

disputes = Blueprint("disputes", __name__)

USUAL_DAYS = 7
"""How many days of conduct are shown unless others are asked for."""
LAST_PAGE = 500
SHORTEST_REASON, LONGEST_REASON = 2, 200
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


class NotAParty(Forbidden):
    """Somebody asked for a dispute that is none of theirs."""


@disputes.errorhandler(NotAParty)
def _refused(_error: NotAParty) -> Response:
    words = {"message": say("dispute.not_a_party"), "to": "/handheld", "label": say("page.back")}
    return make_response(render_template("problem.html", **words), 403)


@disputes.get("/dispute/<visit_id>")
def one(visit_id: str) -> str:
    """The evidence of one visit, for both sides and the manager."""
    person, dispute = me(), _dispute(visit_id)
    return _page(person, dispute, is_whole=_is_theirs(person, dispute))


@disputes.post("/dispute/<visit_id>")
def unmasked(visit_id: str) -> Response:
    """The same with phone and plate in full, this once: who sees them and why is noted."""
    person, dispute = me(), _dispute(visit_id)
    if not may_at_post(What.UNMASK, person.roles):
        raise NotAParty
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    if len(reason) < SHORTEST_REASON:
        abort(400)
    try:
        parts().site.archive.unmask(dispute.visit_id, person.staff_id, reason)
    except OperatorError:
        abort(403)
    page = make_response(_page(person, _dispute(visit_id), is_whole=True))
    page.headers["Cache-Control"] = "no-store"
    return page


@disputes.get("/dispute/<visit_id>/pack")
def pack(visit_id: str) -> str:
    """The evidence to be printed or saved as a PDF, with its hash and the journal's."""
    person, dispute = me(), _dispute(visit_id)
    return render_template(
        "dispute_pack.html",
        dispute=dispute,
        pack=_pack(dispute),
        is_manager=is_manager(person),
        is_whole=False,
        is_pack=True,
        now=parts().clock(),
        person=person,
    )


@disputes.get("/dispute/<visit_id>/pack.json")
def pack_file(visit_id: str) -> Response:
    """The file of which the hash is."""
    answer = make_response(_pack(_dispute(visit_id)).content)
    answer.content_type = "application/json"
    name = f"evidence-{visit_id[:40]}.json"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _pack(dispute: VisitEvidence) -> EvidencePack:
    return pack_of(dispute, parts().site.site, language())


def _dispute(visit_id: str) -> VisitEvidence:
    """The evidence that the person who asks may read."""
    person, dispute = me(), parts().site.archive.dispute(visit_id, language())
    if dispute is None:
        if is_manager(person):
            abort(404)
        raise NotAParty  # who may not read it does not learn whether it exists
    if not may_read(person, dispute):
        raise NotAParty
    return dispute


def _page(person: Person, dispute: VisitEvidence, *, is_whole: bool) -> str:
    return render_template(
        "dispute.html",
        dispute=dispute,
        person=person,
        is_whole=is_whole,
        is_manager=is_manager(person),
        now=parts().clock(),
        words=script_words(),
        offers=script_offers(),
    )


@disputes.get("/disputes")
def past() -> str:
    """The decisions that a manager may still rule on; a consultant's own disputes."""
    person = me()
    asked = request.args
    search = Search(
        on=_day(asked.get("on")),
        staff_id=asked.get("who") or None,
        plate=(asked.get("plate") or "").strip()[:16] or None,
        only_disputed="disputed" in asked,
        party_id=None if is_manager(person) else person.staff_id,
        page=max(0, min(asked.get("page", 0, type=int), LAST_PAGE)),
    )
    return render_template(
        "decisions.html",
        search=search,
        found=parts().site.archive.decisions(search, language()),
        consultants=[who for who in parts().site.people() if "consultant" in who.roles],
        is_manager=is_manager(person),
    )


@disputes.get("/patterns")
def patterns() -> str:
    """What stands out in the consultants' conduct over some days."""
    today = parts().clock().astimezone(parts().site.zone).date()
    last = _day(request.args.get("to")) or today
    first = _day(request.args.get("from")) or last - timedelta(days=USUAL_DAYS - 1)
    return render_template(
        "patterns.html",
        found=parts().site.archive.patterns(min(first, last), last),
        share=share,
        is_unusual=is_unusual,
    )


def may_read(person: Person, dispute: VisitEvidence) -> bool:
    """Both sides and the manager read a dispute; nobody else does."""
    is_host = person.staff_id == dispute.host_id
    return is_manager(person) or is_host or person.staff_id in dispute.parties


def _is_theirs(person: Person, dispute: VisitEvidence) -> bool:
    """Whether phone and plate are shown whole without a reason."""
    return sees_whole("phone", person, dispute.owner_id, dispute.host_id)


def is_manager(person: Person) -> bool:
    """Whether they hold the managers' post."""
    return MANAGER in person.roles


def _day(text: str | None) -> date | None:
    """The day of a form's field; None: nothing that is a day of these times."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
