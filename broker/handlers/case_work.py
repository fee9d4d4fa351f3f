"""What follows when a case (事项) is opened, worked on, or its promise is broken."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from msgspec.structs import replace

from broker.alerts.calls import Guest
from broker.alerts.case_calls import call_of_broken_promise, calls_of_new_case, post_of
from broker.handlers.alerting import raise_alert
from broker.handlers.context import Hub
from broker.local.questions import CaseOpened, CaseStep
from broker.rules.authority import What, may_at_post
from broker.rules.call_backs import is_drawn, missing, so_far
from broker.rules.case_classes import CLASSES, CallBack
from broker.rules.cases import Act, CaseLife, CaseMove, after, opened
from broker.rules.office_hours import office_hours
from broker.store.case_files import CaseFile, Cases, CaseTold, Deed, with_deed
from shared.codec import to_json
from shared.errors import MessageError
from shared.messages import Message

log = logging.getLogger(__name__)

LONGEST_WORK = timedelta(days=366)
"""Of what was opened before, nothing is solved any more that counts for the month."""


def on_case_opened(hub: Hub, asked: CaseOpened) -> Iterator[Message]:
    """Keep the case with its promises, and tell the post that gets it."""
    row = CLASSES.get(asked.kind_of_case)
    by_visitor = asked.staff_id is None
    is_theirs = row is not None and row.is_asked_of_visitors if by_visitor else True
    posts = () if asked.staff_id is None else hub.actor(asked.staff_id).posts
    if row is None or not is_theirs or not (by_visitor or posts):
        raise MessageError("error.not_yours")
    if not is_noted(hub, asked.case_id, asked):
        return
    cases, moment = Cases(hub.inbox.db), hub.clock()
    office = office_hours(hub.decider.policy)
    is_anonymous = by_visitor and asked.phone is None
    case = opened(asked.case_id, row.name, moment, office, is_anonymous=is_anonymous)
    said = CaseTold(
        text=asked.text,
        note=asked.note,
        name=asked.name,
        phone=asked.phone,
        place=asked.place,
        by=asked.staff_id,
    )
    file = CaseFile(number=_number(hub, cases, moment), case=case, said=said)
    cases.save(file)
    log.info("case %s: %s", file.number, row.name)
    for call in calls_of_new_case(row, file.number, _posts_held(hub)):
        yield from raise_alert(hub, asked.case_id, call, Guest())


def on_case_step(hub: Hub, asked: CaseStep) -> Iterator[Message]:
    """Let the case go on, if it is theirs to work on and the step makes sense now."""
    cases = Cases(hub.inbox.db)
    file = cases.find(asked.case_id)
    if file is None or not may_work_on(hub, file, asked.staff_id):
        raise MessageError("error.not_yours")
    act, moment = Act(asked.act), hub.clock()
    step = CaseMove(
        act=act,
        at=moment,
        by_when=asked.by_when,
        is_on_the_spot=asked.is_on_the_spot,
        is_sensitive=asked.is_sensitive,
    )
    draw = partial(_is_drawn, hub, cases, file.case)
    case = after(file.case, step, office_hours(hub.decider.policy), draw)
    if case == file.case and act is not Act.NOTE:
        raise MessageError("error.case_step")
    if not is_noted(hub, asked.step_id, asked):
        return
    deed = Deed(act=act, at=moment, by=asked.staff_id, note=asked.note, by_when=asked.by_when)
    cases.save(with_deed(file, case, deed))
    _choose_more(hub, cases, case)
    yield from ()


def may_work_on(hub: Hub, file: CaseFile, staff_id: str) -> bool:
    """Whether the case is this person's to work on: their post's, or any for a manager."""
    posts = hub.actor(staff_id).posts
    held = post_of(CLASSES[file.case.kind], _posts_held(hub))
    return held in posts or may_at_post(What.WORK_ON_CASE, posts)


def tell_of_broken_promises(hub: Hub) -> Iterator[Message]:
    """Tell the manager once of each promise that was not kept in time."""
    cases, moment = Cases(hub.inbox.db), hub.clock()
    for file in list(cases.open_ones()):
        broken = " ".join(file.case.overdue(moment))
        if broken and broken != cases.told(file.case.case_id):
            cases.tell(file.case.case_id, broken)
            call = call_of_broken_promise(file.case.kind, file.number)
            yield from raise_alert(hub, file.case.case_id, call, Guest())


def _posts_held(hub: Hub) -> frozenset[str]:
    return frozenset(role for person in hub.staff_here() for role in person.roles)


def _number(hub: Hub, cases: Cases, moment: datetime) -> str:
    """``1123-01``: the day, and how many were opened on it."""
    start = hub.decider.policy.midnight(moment)
    end = hub.decider.policy.start_of(hub.decider.policy.local(moment).date() + timedelta(days=1))
    count = sum(1 for _ in cases.between(start, end)) + 1
    return f"{hub.decider.policy.local(moment):%m%d}-{count:02d}"


def _choose_more(hub: Hub, cases: Cases, case: CaseLife) -> None:
    """Another one is called back instead of one that no longer is."""
    if CLASSES[case.kind].call_back is CallBack.SAMPLED:
        month = _month(hub)
        for one in missing(cases.lives(case.kind, month - LONGEST_WORK), month):
            if file := cases.find(one.case_id):
                cases.save(replace(file, case=replace(one, is_call_back_due=True)))


def _month(hub: Hub) -> datetime:
    policy = hub.decider.policy
    return policy.start_of(policy.local(hub.clock()).date().replace(day=1))


def _is_drawn(hub: Hub, cases: Cases, case: CaseLife) -> bool:
    """By chance, which the case's own id holds: a replay draws the same."""
    month = _month(hub)
    chosen, solved = so_far(cases.lives(case.kind, month - LONGEST_WORK), month)
    digest = hashlib.sha256(f"{case.case_id} {case.reopened}".encode()).digest()
    return is_drawn(chosen, solved, int.from_bytes(digest[:6], "big") / (1 << 48))


def is_noted(hub: Hub, message_id: str, asked: Message) -> bool:
    """Keep the message and put it into the journal; False: it was there before."""
    if not hub.inbox.add_message(message_id, asked, hub.clock()):
        return False
    hub.journal.append(type(asked).__name__, message_id, to_json(asked), hub.clock())
    return True


ANSWERS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    CaseOpened: on_case_opened,
    CaseStep: on_case_step,
}
"""These handlers' rows of the table."""
