"""Where each staff member is, and who is expected today, by the rules' state."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from broker.console.site_view import ExpectedLine, NodeLine, Post, PostLine
from broker.rules.state import Expected, SiteState
from broker.site_file import Staff
from shared.messages import BookingKind, NodeKind

GONE = (Post.AWAY, Post.EXCUSED)


def posts(
    state: SiteState,
    staff: Iterable[Staff],
    nodes: Iterable[NodeLine],
    notes: Mapping[str, str],
) -> tuple[PostLine, ...]:
    """Everybody of ``staff``, in this order; ``notes`` says why somebody is away."""
    online = {node.node_id for node in nodes if node.kind is NodeKind.STAFF and node.is_online}
    lines = (_post(state, person, person.id in online) for person in staff)
    return tuple(
        replace(line, note=notes.get(line.staff_id)) if line.post in GONE else line
        for line in lines
    )


def expected_today(state: SiteState, today: date) -> tuple[ExpectedLine, ...]:
    """Today's VIPs and appointments, the earliest first."""
    lines = (expected_line(state, expected) for expected in state.expected if expected.on == today)
    return tuple(sorted(lines, key=lambda line: line.starts_at))


def expected_by(state: SiteState, host_id: str) -> tuple[ExpectedLine, ...]:
    """Whom this host still expects, the earliest first."""
    own = (each for each in state.expected if each.host_id == host_id and not each.has_come)
    lines = (expected_line(state, each) for each in own)
    return tuple(sorted(lines, key=lambda line: line.starts_at))


def expected_line(state: SiteState, expected: Expected) -> ExpectedLine:
    """As the pages show it."""
    host = state.roster.get(expected.host_id or "")
    return ExpectedLine(
        kind=BookingKind(expected.flag),
        starts_at=expected.starts_at,
        ends_at=expected.ends_at,
        name=expected.name,
        level=expected.level,
        host_name=host.name if host else None,
        plates=expected.plates,
        has_come=expected.has_come,
        booking_id=expected.booking_id,
        host_id=expected.host_id,
    )


def _post(state: SiteState, person: Staff, is_online: bool) -> PostLine:
    """Where a person is. Consultants sign in for the day; others are there while online."""
    absence, since = state.absent.get(person.id), None
    hosted = [visit for visit in state.visits.values() if visit.host_id == person.id]
    called = next((visit.called_at for visit in hosted if visit.acked_at is None), None)
    if called is not None:
        post, since = Post.CALLED, called
    elif hosted:
        post, since = Post.SERVING, hosted[-1].acked_at
    elif absence is not None:
        post, since = Post.EXCUSED if absence.is_excused else Post.AWAY, absence.since
    elif "consultant" in person.roles:
        post = Post.HERE if person.id in state.here else Post.OFF
    else:
        post = Post.HERE if is_online else Post.OFF
    return PostLine(person.id, person.name, person.roles, post, since, is_online)
