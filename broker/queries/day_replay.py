"""A day of the journal, moment by moment (回放): the events, the alerts, the line after each."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import msgspec

from broker.console.replay_view import SAID, DayReplay, Frame, ReplayVisit
from broker.console.site_view import VisitState
from broker.journal.steps import STEP, Step, latest_snapshot
from broker.registers.days import DISORDER, seq_since
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.fold import DOES_NOT_FIT, apply
from broker.rules.line import note_of, queue
from broker.rules.state import SiteState, Visit
from broker.store.raised_alerts import RaisedAlerts
from broker.wording.alert_text import as_read
from broker.wording.decisions import Teller
from broker.wording.names import called
from broker.wording.stories import fact
from shared.database import Database
from shared.privacy import masked_plate, masked_text
from shared.words import read_words

MOST_FRAMES = 5_000
ALERT = "alert"
_READ = (
    "select seq, kind, at, subject_id, body from journal where seq > ? and seq < ? "
    f"and kind in ('{STEP}', '{ALERT}') order by seq"
)


class _Repeat(msgspec.Struct, frozen=True):
    repeat: int = 0


class _Scene:
    """The site while the day goes on."""

    def __init__(self, db: Database, state: SiteState, teller: Teller) -> None:
        self.state, self._teller, self._alerts = state, teller, RaisedAlerts(db)
        self._line: object = None
        self._visits: object = None

    def frame(self, event: e.Event) -> Frame | None:
        """What is seen once ``event`` has happened; None: nothing."""
        text = _sentence(self._teller, event)
        return self._seen(event, text) if text else None

    def alert(self, alert_id: str, body: str, at: str) -> Frame | None:
        """Somebody's phone rings; a repetition is not shown again."""
        raised = self._alerts.find(alert_id)
        if raised is None or msgspec.json.decode(body, type=_Repeat).repeat:
            return None
        alert, said = raised.alert, as_read(raised.alert, self._teller.language)
        who = self._teller.name(alert.staff_id) or _post(self._teller, alert.role or "")
        text = self._teller.say(SAID["told"], who=who, title=said.title, text=said.text)
        moment = datetime.fromisoformat(at)
        return Frame(moment, masked_text(text), ALERT, visit_id=alert.visit_id)

    def _seen(self, event: e.Event, text: str) -> Frame:
        line = tuple(
            (self._teller.name(who), note.value if (note := note_of(self.state, who)) else None)
            for who in queue(self.state)
        )
        visits = tuple(_visit(self._teller, visit) for visit in self.state.visits.values())
        kind = "notice" if isinstance(event, n.Notice) else "fact"
        frame = Frame(
            at=event.at,
            text=masked_text(text),
            kind="decision" if isinstance(event, e.Decided) else kind,
            visit_id=getattr(event, "visit_id", None),
            rule=event.rule if isinstance(event, e.Decided) else None,
            line=line if line != self._line else None,
            visits=visits if visits != self._visits else None,
        )
        self._line, self._visits = line, visits
        return frame


def day_replay(db: Database, on: date, teller: Teller) -> DayReplay:
    """The day from its beginning to its end, or until now."""
    frames = list[Frame]()
    for frame in _frames(db, on, teller):
        if len(frames) == MOST_FRAMES:
            return DayReplay(on, tuple(frames), is_cut=True)
        frames.append(frame)
    return DayReplay(on, tuple(sorted(frames, key=lambda frame: frame.at)))


def _frames(db: Database, on: date, teller: Teller) -> Iterator[Frame]:
    since = teller.policy.start_of(on)
    until = teller.policy.start_of(on + timedelta(days=1))
    first, end = seq_since(db, since), seq_since(db, until + DISORDER)
    state, start = latest_snapshot(db, before=first)
    scene = _Scene(db, state, teller)
    for seq, kind, at, subject_id, body in db.conn.execute(_READ, [start, end]):
        if kind == ALERT:
            found = scene.alert(subject_id, body, at) if seq >= first else None
            if found is not None and since <= found.at < until:
                yield found
            continue
        for event in msgspec.json.decode(body, type=Step).events:
            try:
                scene.state = apply(scene.state, event)
            except DOES_NOT_FIT:  # of a visit whose beginning was erased
                continue
            if since <= event.at < until and (shown := scene.frame(event)) is not None:
                yield shown


def _sentence(teller: Teller, event: e.Event) -> str | None:
    """What happened; None: nothing that anybody would look for here."""
    if isinstance(event, e.Decided):
        return teller.decision(event)
    if isinstance(event, n.Notice):
        return None if isinstance(event, n.LookedUp) else teller.notice(event)
    who = teller.name(getattr(event, "consultant_id", None))
    name = e.snake_case(type(event).__name__)
    if name in SAID:
        is_excused = isinstance(event, e.WentAway) and event.is_excused
        return teller.say(SAID["excused" if is_excused else name], who=who)
    is_told = f"story.{name}" in read_words("broker")
    return fact(teller, event) if is_told or isinstance(event, e.OwnerPhoned) else None


def _visit(teller: Teller, visit: Visit) -> ReplayVisit:
    name = called(visit.surname, visit.salutation, teller.language)
    return ReplayVisit(
        visitor=name or (visit.plate and masked_plate(visit.plate)) or teller.say("guest.nameless"),
        state=_state_of(visit),
        host=teller.name(visit.claimed_by or visit.host_id) or None,
    )


def _state_of(visit: Visit) -> VisitState:
    if visit.acked_at is not None or visit.is_begun:
        return VisitState.SERVING
    if visit.host_id is not None:
        return VisitState.CALLED
    return VisitState.WAITING if visit.ownership is not None else VisitState.ARRIVED


def _post(teller: Teller, role: str) -> str:
    own = teller.words.get(f"role.{role}")
    key = f"role.{role}"
    if own:
        return own[teller.language]
    return teller.say(key) if key in read_words("broker") else role
