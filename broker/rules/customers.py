"""What follows when a customer is entered or looked up (客户登记, R2, R3, R3b, R4b)."""

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.bulk import is_one_too_many, tell_bulk
from broker.rules.facts import LookedUpBefore, Registration
from broker.rules.family import family_protected_by_others
from broker.rules.late_entries import (
    Standing,
    late_entry,
    outdone_by,
    owner_of_entry,
    standing_of,
    tell_outdone,
)
from broker.rules.policy import looked_up_since
from broker.rules.proceeding import Proceeding
from broker.rules.protection import (
    counts,
    is_protected,
    protected_by_others,
    protected_until,
    shared_keys,
    works_here,
)


def on_register(case: Proceeding, command: c.Register) -> None:
    """Enter a customer, unless a colleague's protection runs (R2).

    An entry after the arrival owns nothing (R3), one of too many and one of an orphan wait for the
    manager (R3b, R4b), and the manager is told of an entry soon after a look-up.
    """
    if any(
        registration.registration_id == command.registration_id
        for registration in case.known.registrations
    ):
        return
    who, standing = command.consultant_id, standing_of(case, command)
    owner_id = owner_of_entry(standing, who)
    entry = _entry(case, command, standing, owner_id)
    outdone = outdone_by(case, entry, standing.own)
    kept = tuple(known for known in case.known.registrations if known not in outdone)
    owned = protected_by_others(case, (entry.phone, *entry.plates), owner_id, among=kept)
    if owned := owned or family_protected_by_others(case, owner_id, standing.own):
        _refuse(case, who, owned)
        return
    if standing.own is not None:
        tell_outdone(case, entry, outdone, standing.own)
    case.tell(n.Registered(at=case.now, consultant_id=who, registration=entry))
    if standing.own is not None:
        _tie(case, command, standing.own.visit_id)
    if standing.missed is not None:
        missed = standing.missed
        case.tell(late_entry(case, entry, missed.visit_id, missed.arrived_at))
    tell_bulk(case, who)
    _tell_look_then_claim(case, entry, standing, who)


def _entry(
    case: Proceeding, command: c.Register, standing: Standing, owner_id: str
) -> Registration:
    before = [
        known
        for known in case.known.registrations
        if known.consultant_id == owner_id and not known.is_late
    ]
    own = standing.own
    received = [(known.received_at, known.is_unreceived) for known in before]
    if own is not None:
        received.append((own.arrived_at, False))
    elif standing.missed is None and not received:
        received.append((case.now, True))
    received_at, is_unreceived = max(
        received or [(case.now, True)], key=lambda moment: (moment[0], not moment[1])
    )
    return Registration(
        registration_id=command.registration_id,
        consultant_id=owner_id,
        registered_at=case.now,
        received_at=received_at,
        entry=case.state.entry,
        phone=command.phone,
        plates=command.plates,
        surname=command.surname,
        salutation=command.salutation,
        is_late=standing.missed is not None,
        is_unreceived=is_unreceived,
        is_held=is_one_too_many(case, command.consultant_id) or _is_orphan(case, command),
        channel=command.channel,
    )


def _is_orphan(case: Proceeding, command: c.Register) -> bool:
    """Whether the owner left the company and nobody has taken over yet (R4b)."""
    return any(
        not works_here(case.state, known.consultant_id)
        and counts(known)
        and shared_keys(known, (command.phone, *command.plates))
        and is_protected(known, case.policy, case.now)
        for known in case.known.registrations
    )


def _tie(case: Proceeding, command: c.Register, visit_id: str) -> None:
    """The visit is known by the keys that its host learnt (R3).

    By the name only if it then shares a key with the entry: else it may be somebody else's.
    """
    visit = case.state.visits.get(visit_id)
    if visit is None:
        return
    phone = command.phone if visit.phone is None else None
    plate = next(iter(command.plates), None) if visit.plate is None else None
    is_same = (phone or visit.phone) == command.phone or (plate or visit.plate) in command.plates
    has_name = visit.surname is not None or not is_same
    learnt = e.KeysLearnt(
        at=case.now,
        visit_id=visit_id,
        plate=plate,
        phone=phone,
        surname=None if has_name else command.surname,
        salutation=None if has_name else command.salutation,
    )
    if learnt != e.KeysLearnt(at=case.now, visit_id=visit_id):
        case.tell(learnt)


def _refuse(case: Proceeding, who: str, owned: Registration) -> None:
    because = n.Because(
        code="not_allowed_protected",
        consultant_id=owned.consultant_id,
        until=protected_until(owned, case.policy),
    )
    case.tell(n.Refused(at=case.now, consultant_id=who, rule="R2", because=because))


def _tell_look_then_claim(
    case: Proceeding, entry: Registration, standing: Standing, who: str
) -> None:
    """Tell of an entry after a look-up by the same person or their team (R3)."""
    since = looked_up_since(case.policy, case.now)
    told = [
        look_up
        for look_up in case.known.look_ups
        if since <= look_up.at <= case.now and _is_of_team(case, look_up, who)
    ]
    if standing.own is not None:
        told = [look_up for look_up in told if not look_up.found_nobody]
    if told:
        name = entry.registration_id
        case.tell(n.LookThenClaim(at=case.now, consultant_id=who, registration_id=name))


def _is_of_team(case: Proceeding, look_up: LookedUpBefore, who: str) -> bool:
    if look_up.consultant_id == who:
        return True
    asked, entered = (case.state.roster.get(name) for name in (look_up.consultant_id, who))
    team = entered.team if entered else None
    return asked is not None and team is not None and asked.team == team


def on_look_up(case: Proceeding, command: c.LookUp) -> None:
    """Log the look-up itself: who asked, for what, what was shown, when (R3)."""
    case.tell(
        n.LookedUp(
            at=case.now,
            consultant_id=command.consultant_id,
            phone=command.phone,
            plate=command.plate,
            name=command.name,
            shown=command.shown,
        )
    )
