"""What people do with customers: enter, book, look up, give away, want, rule on.

No move names the entry of a ruling: its id tells how many commands came before, ticks too.
"""

from collections.abc import Callable
from datetime import timedelta

from broker.rules import commands as c
from tests.days.scene import Scene


def register(scene: Scene) -> c.Command:
    return c.Register(
        at=scene.office.now,
        registration_id=f"r{scene.number}",
        consultant_id=scene.who,
        phone=scene.phone,
        plates=(scene.plate,) if scene.move.b % 2 else (),
        surname=scene.surname,
        channel="phone" if scene.move.a % 2 else None,
    )


def register_visitor(scene: Scene) -> c.Command | None:
    """The keys of a visit that is open: by its host, or by a colleague who saw them."""
    visit = scene.visit
    if visit is None:
        return None
    is_host = scene.move.b % 2 == 0 and visit.host_id in scene.office.state.roster
    return c.Register(
        at=scene.office.now,
        registration_id=f"r{scene.number}",
        consultant_id=(visit.host_id or scene.who) if is_host else scene.who,
        phone=visit.phone or scene.phone,
        plates=(visit.plate,) if visit.plate else (),
        surname=visit.surname or scene.surname,
        visit_id=visit.visit_id if is_host else None,
    )


def book(scene: Scene) -> c.Command:
    at, ahead = scene.office.now, (0, 10, 30, 90)[scene.move.a % 4]
    return c.MakeAppointment(
        at=at,
        host_id=scene.who,
        starts_at=at + timedelta(minutes=ahead),
        ends_at=at + timedelta(minutes=ahead + 60),
        phone=scene.phone if scene.move.b % 2 else None,
        plate=None if scene.move.b % 2 else scene.plate,
    )


def look_up(scene: Scene) -> c.Command:
    by_name = scene.move.b % 2 == 0
    shown = [
        entry.registration_id
        for entry in scene.office.book.registrations.values()
        if entry.surname == scene.surname and not entry.is_ruling
    ]
    return c.LookUp(
        at=scene.office.now,
        consultant_id=scene.who,
        phone=None if by_name else scene.phone,
        name=scene.surname if by_name else None,
        shown=tuple(shown) if by_name else (),
    )


def give_customers(scene: Scene) -> c.Command | None:
    left = [person.id for person in scene.office.state.roster.values() if person.has_left]
    if not left:
        return None
    given = tuple(
        c.GivenCustomer(registration_id=key, consultant_id=scene.other, reason="交接")
        for key, entry in scene.office.book.registrations.items()
        if entry.consultant_id == left[0] and not entry.is_ruling
    )
    return c.HandOverCustomers(
        at=scene.office.now, act_id=f"act{scene.number}", consultant_id=left[0], given=given
    )


def rule_on_past(scene: Scene) -> c.Command | None:
    visits = tuple(scene.office.book.visits)
    if not visits:
        return None
    visit_id = visits[scene.move.a % len(visits)]
    return c.Rule(
        at=scene.office.now, visit_id=visit_id, consultant_id=scene.other, reason="微信记录"
    )


def owner_found(by: str) -> Callable[[Scene], c.Command | None]:
    """``host``: they give the visitor away, or back; ``self``: somebody wants the visitor."""

    def found(scene: Scene) -> c.Command | None:
        visit = scene.visit
        if visit is None:
            return None
        whose = {"host": scene.other, "manager": scene.other, "self": scene.who}
        reporter = {"host": visit.host_id, "manager": "manager", "self": scene.who}
        return c.OwnerFound(
            at=scene.office.now,
            visit_id=visit.visit_id,
            consultant_id=whose[by],
            by=reporter[by],
            is_manager=by == "manager",
            ground=scene.ground,
        )

    return found
