"""What the posts at the doors call out to each other: who forces their way in, who walks on."""

from collections.abc import Iterator

from broker.alerts.calls import Call, Value, part, post
from broker.alerts.life import Kind
from broker.alerts.neighbours import ROLES
from broker.rules.state import MANAGER
from shared.messages import Level, StaffReport

SECURITY = "security"
USUAL_POST = "desk"
"""Who is told of somebody for whom no post was named (002: they announce themselves there)."""


def calls_of_forced_entry(who: str, report: StaffReport) -> Iterator[Call]:
    """Security and the manager go at once (硬闯), both, whoever of them is there first."""
    where = part("at_post", post=_named(report.post)) if report.post else ""
    fields: dict[str, Value] = {"who": who, "where": where}
    for role in (SECURITY, MANAGER):
        yield Call("forced_entry", role, level=Level.URGENT, kind=Kind.POST, fields=fields)


def call_of_many_alarms(who: str) -> Call:
    """The manager looks after somebody whose phone raises one alarm after the other."""
    return Call("many_alarms", MANAGER, fields={"who": who})


def calls_of_sent_on(who: str, report: StaffReport) -> Iterator[Call]:
    """The next post hears who walks over: how many, where to, what they look like (002)."""
    fields: dict[str, Value] = {
        "who": who,
        "count": str(report.party_size or 1),
        "where": part("bound_for", place=report.place) if report.place else "",
        "looks": part("looks", looks=report.note) if report.note else "",
    }
    yield Call("sent_on", report.post or USUAL_POST, kind=Kind.POST, fields=fields)


def _named(role: str) -> Value:
    return post(role) if role in ROLES else role
