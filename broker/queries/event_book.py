"""The pages' ``EventBook``: event days, by the journal's invitations and the visits that came."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import cycle

from broker.console.event_view import EventAsked, EventLine, GuestLine, Invited
from broker.handlers.context import Hub
from broker.handlers.event_guests import EventGuest, event_guests
from broker.local.plan_questions import ListedPlan, PlansImported
from broker.local.post_box import PostBox
from broker.rules.facts import Keys
from broker.rules.policy import Policy
from broker.rules.protection import counts, is_protected
from broker.rules.shifts import Shift
from broker.store.register import CustomerRegister
from broker.store.visits import Visits
from shared.database import Database
from shared.errors import OperatorError
from shared.ids import new_id
from shared.privacy import mask_phone, mask_plate


class HubEvents:
    """See ``EventBook``."""

    def __init__(self, hub: Hub, post_box: PostBox) -> None:
        self._hub, self._post_box = hub, post_box

    def events(self) -> tuple[EventLine, ...]:
        """See EventBook."""
        policy = self._hub.choices.policy
        found: defaultdict[tuple[date, str], list[EventGuest]] = defaultdict(list)
        with self._hub.disk.reading() as db:
            known = event_guests(db)
            for guest in known:
                on = policy.local(guest.row.starts_at).date()
                found[on, guest.row.event or ""].append(guest)
            return tuple(
                EventLine(
                    name=name,
                    on=on,
                    places=max(guest.row.places or 0 for guest in guests),
                    guests=tuple(
                        self._line(db, guest, known)
                        for guest in sorted(guests, key=lambda guest: guest.row.starts_at)
                    ),
                )
                for (on, name), guests in sorted(found.items(), reverse=True)
            )

    def invite(self, asked: EventAsked) -> None:
        """See EventBook."""
        moment, policy = self._hub.clock(), self._hub.choices.policy
        with self._hub.disk.reading() as db:
            places = list(_free_places(asked, event_guests(db)))
            if len(places) < len(asked.guests):
                raise OperatorError("error.event_small", more=len(asked.guests) - len(places))
            hosts = self._hosts(db, asked, policy)
            rows = tuple(
                ListedPlan(
                    row=number,
                    booking_id=new_id(moment),
                    starts_at=starts_at,
                    ends_at=starts_at + timedelta(minutes=asked.minutes),
                    name=guest.name,
                    phone=guest.phone,
                    plates=(guest.plate,) if guest.plate else (),
                    host_id=host_id,
                    event=asked.name,
                    places=asked.places,
                )
                for number, (guest, starts_at, host_id) in enumerate(
                    zip(asked.guests, places, hosts, strict=False), start=1
                )
            )
        self._post_box.post(
            PlansImported(import_id=new_id(moment), asked_at=moment, plans=rows, by=asked.by)
        )

    def _hosts(self, db: Database, asked: EventAsked, policy: Policy) -> list[str]:
        """Who receives each guest: whom the list says, their owner, else those at work in turn."""
        on = policy.local(asked.starts[0]).date()
        here = [person for person in self._hub.staff_here() if "consultant" in person.roles]
        at_work = [each.id for each in here if policy.shifts.of(each.id, on) is Shift.ON]
        if not at_work:
            raise OperatorError("error.event_nobody")
        in_turn, known = cycle(at_work), {person.id for person in here}
        owners = (_owner(db, guest, policy, asked.starts[0]) for guest in asked.guests)
        return [
            guest.host_id or (owner if owner in known else None) or next(in_turn)
            for guest, owner in zip(asked.guests, owners, strict=True)
        ]

    def _line(self, db: Database, guest: EventGuest, known: tuple[EventGuest, ...]) -> GuestLine:
        row, names = guest.row, self._hub.people.names()
        key = row.phone and mask_phone(row.phone)
        return GuestLine(
            booking_id=row.booking_id,
            name=row.name,
            phone=key or " ".join(map(mask_plate, row.plates)),
            host_name=names.get(row.host_id or ""),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            state=self._state(db, guest, known),
        )

    def _state(self, db: Database, guest: EventGuest, known: tuple[EventGuest, ...]) -> str:
        row, local = guest.row, self._hub.choices.policy.local
        on = local(row.starts_at).date()
        if guest.is_cancelled:
            return "cancelled"
        until, times = row.ends_at or row.starts_at, _times_of(row, known)
        came = Visits(db).receptions(Keys(phone=row.phone, plates=row.plates))
        for visit in came:
            at = visit.arrived_at
            is_nearest = min(times, key=lambda time: abs(time - at)) == row.starts_at
            if local(at).date() == on and at <= until and is_nearest:
                return "came"
        return "missed" if until < self._hub.clock() else "expected"


def _times_of(row: ListedPlan, known: tuple[EventGuest, ...]) -> list[datetime]:
    """All times to which this guest is invited: a visit counts for the nearest alone."""
    return [
        each.row.starts_at
        for each in known
        if not each.is_cancelled
        and ((row.phone and each.row.phone == row.phone) or set(row.plates) & set(each.row.plates))
    ]


def _free_places(asked: EventAsked, known: tuple[EventGuest, ...]) -> Iterator[datetime]:
    """A time for each place that is left, the earliest first."""
    for starts_at in asked.starts:
        taken = sum(
            not guest.is_cancelled
            and (guest.row.event, guest.row.starts_at) == (asked.name, starts_at)
            for guest in known
        )
        yield from [starts_at] * (asked.places - taken)


def _owner(db: Database, guest: Invited, policy: Policy, at: datetime) -> str | None:
    keys = Keys(phone=guest.phone, plates=(guest.plate,) if guest.plate else ())
    for entry in CustomerRegister(db).find(keys):
        if counts(entry) and is_protected(entry, policy, at):
            return entry.consultant_id
    return None
