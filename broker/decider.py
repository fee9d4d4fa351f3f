"""The site's living state in the hub: takes commands, keeps what follows, survives a restart."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import msgspec

from broker.journal.entries import Journal
from broker.journal.hub_file import HubFile
from broker.journal.steps import POLICY, RULES, SNAPSHOT, STEP, Rules, Step, latest_snapshot
from broker.rules.commands import Command, Tick
from broker.rules.edition import EDITION
from broker.rules.events import Event
from broker.rules.facts import NOTHING_KNOWN, Keys, Known, Reception
from broker.rules.family import phones_of_car
from broker.rules.fold import apply
from broker.rules.judge import decide, keys_of, told_at_of
from broker.rules.line import note_of, queue
from broker.rules.policy import Policy, looked_up_since
from broker.rules.state import SiteState
from broker.store.families import Families
from broker.store.kept_times import KeptTimes
from broker.store.register import CustomerRegister
from broker.store.visits import LineRow, Visits

SNAPSHOT_EVERY = 1_000
"""The journal's steps that a start may have to fold: a fraction of a second."""
SNAPSHOTS_KEPT = 3


class Decider:
    """Decides on a command at a time. ``state`` is always the fold of the journal."""

    def __init__(self, db: HubFile, journal: Journal, policy: Policy) -> None:
        self._db, self._journal, self._policy = db, journal, policy
        self._register, self.visits = CustomerRegister(db), Visits(db)
        self._families, self._kept_times = Families(db), KeptTimes(db)
        self._since_snapshot = 0
        self._are_rules_kept = False
        self._is_open = False
        self.state = self._state_kept()

    @property
    def policy(self) -> Policy:
        """The house rules that the site chose."""
        return self._policy

    def use(self, policy: Policy) -> None:
        """Decide by this policy from the next command on; the journal notes it before."""
        if policy != self._policy:
            self._policy, self._are_rules_kept = policy, False

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """A transaction: file and state change together or not at all."""
        before = self.state, self._since_snapshot, self._are_rules_kept, self._policy
        is_part, self._is_open = self._is_open, True
        try:
            with self._db.atomic():
                yield
                if not is_part:
                    self.visits.save_line(_line(self.state))
        except BaseException:
            self.state, self._since_snapshot, self._are_rules_kept, self._policy = before
            raise
        finally:
            self._is_open = is_part

    def take(self, command: Command) -> tuple[Event, ...]:
        """What follows from ``command``, kept in the caller's ``atomic``; empty: nothing does.

        What time brought about is kept before the file is asked what the command needs to know:
        a visit may be over by now, or have another host.
        """
        passed = () if isinstance(command, Tick) else self._take(Tick(at=told_at_of(command)))
        return (*passed, *self._take(command))

    def _take(self, command: Command) -> tuple[Event, ...]:
        known = self.known(keys_of(self.state, command), command.at)
        events = decide(self.state, self._policy, command, known)
        if not events:
            return ()
        self._keep_rules(command.at)
        step = Step(command, known, events)  # type: ignore[arg-type]
        subject = str(getattr(command, "visit_id", None) or "")
        self._journal.append(STEP, subject, msgspec.json.encode(step), command.at)
        for event in events:
            self.state = apply(self.state, event)
            self._register.note(event)
            self.visits.note(event)
            self._families.note(event)
            self._kept_times.note(event, self.state, self._policy)
        self._since_snapshot += 1
        if self._since_snapshot >= SNAPSHOT_EVERY:
            self._keep_snapshot(command.at)
        return events

    def known(self, keys: Keys | None, at: datetime) -> Known:
        """What the file knows of ``keys`` at this moment."""
        if keys is None:
            return NOTHING_KNOWN
        visit = self.visits.find(keys.visit_id or "")
        if visit is not None and keys.phone is None and not keys.plates:
            plates = (visit.plate,) if visit.plate else ()
            keys = Keys(phone=visit.phone, plates=plates, visit_id=visit.visit_id)
        receptions = self.visits.receptions(keys)
        family = self._family_of(keys, receptions)
        entered = {
            entry.registration_id: entry for own in family for entry in self._register.find(own)
        }
        received = {
            visit.visit_id: visit for own in family for visit in self.visits.receptions(own)
        }
        return Known(
            registrations=self._register.find(keys),
            receptions=receptions,
            family_registrations=tuple(
                sorted(entered.values(), key=lambda entry: (entry.registered_at, entry.entry))
            ),
            family_receptions=tuple(sorted(received.values(), key=lambda visit: visit.arrived_at)),
            look_ups=self._register.look_ups(keys, looked_up_since(self._policy, at)),
        )

    def _family_of(self, keys: Keys, receptions: tuple[Reception, ...]) -> tuple[Keys, ...]:
        """The phones and plates of the same family (F27).

        Whoever came by the family's car counts if all of them are one family: it may be hired.
        """
        own = (*filter(None, (keys.phone,)), *keys.plates)
        by_car = phones_of_car(keys.family_car, keys.phone, receptions)
        is_hired = not {*by_car[1:]} <= {*self._families.linked(by_car[:1])}
        meant = keys.family if is_hired else (*keys.family, *by_car)
        others = tuple(key for key in (*meant, *self._families.linked(meant)) if key not in own)
        plates = tuple(key for key in others if not key.isascii())
        phones = (Keys(phone=key) for key in others if key.isascii())
        return (*phones, *((Keys(plates=plates),) if plates else ()))

    def reload(self) -> None:
        """Continue from what the file has."""
        self._since_snapshot, self._are_rules_kept = 0, False
        self._db.forget()
        self.state = self._state_kept()

    def forget(self, state: SiteState, at: datetime) -> None:
        """Continue from ``state``, from which a person was erased, without the older snapshots."""
        self.state = state
        self._db.forget()
        self._db.conn.execute("delete from snapshots")
        self._keep_snapshot(at)

    def _keep_rules(self, at: datetime) -> None:
        """Note the rules' edition and the policy before the first step that they decide."""
        if self._are_rules_kept:
            return
        # The kinds stand in the statements, because only so their small indexes are used.
        rules = self._latest("select body from journal where kind = 'rules'")
        if rules is None or msgspec.json.decode(rules, type=Rules).edition != EDITION:
            begins_with = None if self.state == SiteState() else self.state
            self._journal.append(RULES, "", msgspec.json.encode(Rules(EDITION, begins_with)), at)
        policy = msgspec.json.encode(self._policy)
        if self._latest("select body from journal where kind = 'policy'") != policy.decode():
            self._journal.append(POLICY, "", policy, at)
        self._are_rules_kept = True

    def _latest(self, entries: str) -> str | None:
        """The body of the last of these entries of the journal; None: there is none."""
        found = self._db.conn.execute(f"{entries} order by seq desc limit 1").fetchone()
        return found and str(found[0])

    def _keep_snapshot(self, at: datetime) -> None:
        """Keep the state, and its digest in the journal, so that a forged snapshot is noticed."""
        body = msgspec.json.encode(self.state)
        digest = msgspec.json.encode({"sha256": hashlib.sha256(body).hexdigest()})
        seq = self._journal.append(SNAPSHOT, "", digest, at)
        self._db.conn.execute("insert into snapshots values (?, ?)", (seq, body.decode()))
        self._db.conn.execute(
            "delete from snapshots where seq not in "
            "(select seq from snapshots order by seq desc limit ?)",
            [SNAPSHOTS_KEPT],
        )
        self._since_snapshot = 0

    def _state_kept(self) -> SiteState:
        """The latest snapshot that the journal vouches for, and what followed it."""
        state, seq = latest_snapshot(self._db)
        rows = self._db.conn.execute(
            "select body from journal where seq > ? and kind = ? order by seq", [seq, STEP]
        )
        for (body,) in rows:
            for event in msgspec.json.decode(body, type=Step).events:
                state = apply(state, event)
            self._since_snapshot += 1
        return state


def _line(state: SiteState) -> tuple[LineRow, ...]:
    """The line as the pages show it."""
    return tuple(LineRow(who, note_of(state, who)) for who in queue(state))
