"""What a person's page asks for: the site as they may see it, and the reasons of a decision."""

from flask import Blueprint, abort, jsonify
from msgspec import to_builtins
from werkzeug.wrappers import Response

from broker.console.guard import me as who
from broker.console.parts import parts
from broker.console.post_view import panels_of, seen_by, sees_visit
from broker.console.words import language
from shared.privacy import masked_text

desk = Blueprint("desk", __name__)


@desk.get("/api/me")
def me() -> Response:
    """The site, as far as this person's posts may see it."""
    person, site = who(), parts().site
    seen = seen_by(person, site.overview(language()))
    if "expiring" in panels_of(person.roles):
        seen["expiring"] = to_builtins(site.expiring(person.staff_id, language()))
    if "follow_ups" in panels_of(person.roles):
        seen["follow_ups"] = to_builtins(site.follow_ups(person.staff_id, language()))
    return jsonify(seen)


@desk.get("/api/why/<visit_id>")
def why(visit_id: str) -> Response:
    """Why this person was chosen or was not (为什么是我 / 为什么不是我)."""
    person = who()
    if not sees_visit(person):
        abort(403)
    found = parts().site.why(visit_id, person.staff_id, language())
    if found is None:
        abort(404)
    return jsonify(
        rule=found.rule,
        sentence=masked_text(found.sentence),
        reason=found.reason,
        host=found.host_name,
        owner=found.owner_name,
        place=found.place,
    )
