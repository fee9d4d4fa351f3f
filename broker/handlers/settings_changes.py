"""What follows when a manager changes what the site chose (设置), or a planned change is due."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from broker.choices.changes import edited, given_at, last_on
from broker.choices.rows import FROM_THE_GROUP, STAFF, Row, Rows, SiteChoices, rows_of
from broker.handlers.announce import announce
from broker.handlers.context import Hub
from broker.local.questions import DocumentName, Edit, SettingsChange
from broker.rules.commands import Away, Consultant, Leave, SetRoster
from broker.rules.policy import Policy
from broker.rules.state import MANAGER
from shared.codec import to_json
from shared.errors import BadValueError, MessageError
from shared.messages import Message
from shared.words import Sentence

LONGEST_TEAM = 40


def on_settings_change(hub: Hub, asked: SettingsChange) -> Iterator[Message]:
    """Enter the change with its author, all of it or none; it holds at once or from its moment."""
    if asked.document is not None:
        yield from _enter_from_group(hub, asked, asked.document)
        return
    if asked.by is not None and MANAGER not in hub.roles_of(asked.by):
        raise MessageError("error.not_yours")
    yield from enter(hub, asked)


def _enter_from_group(hub: Hub, asked: SettingsChange, document: DocumentName) -> Iterator[Message]:
    """Keep a document of head office; what this release can't take of it is left out.

    Raises:
        MessageError: it is about what only the site may say, as who works here.
    """
    foreign = sorted({edit.section for edit in asked.edits} - FROM_THE_GROUP)
    if foreign:
        raise MessageError("error.not_the_groups", section=foreign[0])
    moment = hub.clock()
    hub.choices.step()
    named = (one.change.document for one in hub.choices.kept)
    known = [each.version for each in named if each and each.name == document.name]
    if max(known, default=0) >= document.version:
        return
    starts_at = max(asked.valid_from or moment, moment)
    rows = hub.choices.rows(starts_at)
    edits = tuple(replace(edit, was=rows.get(_row(edit))) for edit in asked.edits)
    change = replace(asked, edits=edits, valid_from=starts_at, by=None)
    if not hub.inbox.add_message(asked.change_id, change, moment):
        return
    hub.journal.append(type(change).__name__, change.change_id, to_json(change), moment)
    hub.choices.look_again()
    yield from hold_to_choices(hub)


def enter(hub: Hub, asked: SettingsChange) -> Iterator[Message]:
    """Enter a change that its author may make."""
    moment = hub.clock()
    hub.choices.step()
    starts_at = max(asked.valid_from or moment, moment)
    edits = _still_to_do(hub, asked, hub.choices.rows(starts_at))
    if not edits:
        return
    _require_own(hub, edits, starts_at)
    edits = _require_sound(hub, edits, starts_at)
    if not edits:
        return
    change = replace(asked, edits=edits)
    if not hub.inbox.add_message(asked.change_id, change, moment):
        return
    hub.journal.append(type(change).__name__, change.change_id, to_json(change), moment)
    hub.choices.look_again()
    yield from hold_to_choices(hub)


def watch_choices(hub: Hub) -> Iterator[Message]:
    """Hold to a planned change once its moment has come."""
    yield from hold_to_choices(hub)


def hold_to_choices(hub: Hub) -> Iterator[Message]:
    """Let everything follow what the site chose, if that is something else than before."""
    before = hub.choices.now
    if not hub.choices.step():
        return
    hub.decider.use(hub.choices.policy)
    for person in before.people.staff:
        after = hub.choices.people.person(person.id)
        if after is not None and set(after.roles) != set(person.roles):
            hub.log_ins.end_all_of(person.id)  # their pages may read what their posts may read
    yield from announce(hub, set_roster(hub))
    yield from _send_home(hub, before.policy)


def _send_home(hub: Hub, before: Policy) -> Iterator[Message]:
    """Whose day off or leave begins today by this change is not called any more."""
    moment, after = hub.clock(), hub.choices.policy
    on = after.local(moment).date()
    for who in sorted(hub.decider.state.here):
        if before.shifts.is_on(who, on) and not after.shifts.is_on(who, on):
            excused = Away(at=moment, consultant_id=who, is_excused=True)
            yield from announce(hub, hub.decider.take(excused))
            yield from announce(hub, hub.decider.take(Leave(at=moment, consultant_id=who)))


def set_roster(hub: Hub) -> Iterator[Any]:
    """Tell the rules who works here if that changed; what follows.

    A file of an older release has a line but no roster: its order is kept.
    """
    people = hub.people
    consultants = tuple(
        Consultant(
            id=person.id, name=person.name, team=person.team, has_left=hub.has_left(person.id)
        )
        for person in people.staff
        if "consultant" in person.roles
    )
    known = hub.decider.state.roster
    if {consultant.id: consultant for consultant in consultants} == known:
        return
    kept = [] if known else [turn.consultant_id for turn in hub.visits.line()]
    stayed = [staff_id for staff_id in kept if staff_id in people.order]
    order = (*stayed, *(staff_id for staff_id in people.order if staff_id not in stayed))
    yield from hub.decider.take(SetRoster(at=hub.clock(), consultants=consultants, order=order))


def _still_to_do(hub: Hub, asked: SettingsChange, rows: Rows) -> tuple[Edit, ...]:
    """The edits that change anything.

    Raises:
        MessageError: somebody else changed a row since it was seen.
    """
    wanted = [edit for edit in asked.edits if rows.get(_row(edit)) != edit.now]
    for edit in wanted:
        if rows.get(_row(edit)) != edit.was:
            last = last_on(hub.choices.kept, _row(edit))
            raise MessageError(
                "error.changed_since",
                field=f"{edit.section}.{edit.row}",
                who=_author(hub, last.change if last else None),
                at=f"{hub.decider.policy.local(last.at):%m-%d %H:%M}" if last else "",
            )
    return tuple(wanted)


def _require_own(hub: Hub, edits: tuple[Edit, ...], starts_at: datetime) -> None:
    """Refuse what the group has bound.

    Raises:
        MessageError: names the row.
    """
    given = given_at(hub.choices.kept, starts_at)
    for edit in edits:
        bound = given.get(_row(edit))
        if bound is not None and not bound.may_differ:
            raise MessageError("error.bound_by_group", field=f"{edit.section}.{edit.row}")


def _require_sound(hub: Hub, edits: tuple[Edit, ...], starts_at: datetime) -> tuple[Edit, ...]:
    """The edits with their values in stored form; what could not hold is refused.

    It must hold now, and once any planned change takes effect.

    Raises:
        OperatorError: names the row and field, and says what to write.
    """
    for moment in (starts_at, *hub.choices.planned_after(starts_at)):
        later = (
            edit for edit in edits if _row(edit) not in _changed_between(hub, starts_at, moment)
        )
        chosen = hub.choices.made_of(edited(hub.choices.rows(moment), later))
        for edit in edits:
            _require_person(edit, chosen)
        _require_manager(hub, chosen)
    stored = rows_of(hub.choices.made_of(edited(hub.choices.rows(starts_at), edits)))
    exact = (replace(edit, now=stored.get(_row(edit))) for edit in edits)
    return tuple(edit for edit in exact if edit.now != edit.was)


def _changed_between(hub: Hub, after: datetime, until: datetime) -> set[Row]:
    """The rows that planned changes of this span give another value."""
    return {
        _row(edit)
        for one in hub.choices.kept
        if after < one.holds_from <= until
        for edit in one.change.edits
    }


def _require_person(edit: Edit, chosen: SiteChoices) -> None:
    person = chosen.people.person(edit.row) if edit.section == STAFF else None
    if person is None:
        return
    wrong = {
        "name": (not person.name.strip(), Sentence("advice.name")),
        "roles": (not person.roles, Sentence("advice.roles")),
        "team": (len(person.team or "") > LONGEST_TEAM, Sentence("advice.team")),
    }
    for field, (is_wrong, problem) in wrong.items():
        if is_wrong:
            where = f"{STAFF}.{edit.row}.{field}"
            raise BadValueError("error.field", field=where, problem=problem)


def _require_manager(hub: Hub, chosen: SiteChoices) -> None:
    """Somebody must be able to change it again."""
    departed = hub.decider.state.departed
    if not any(
        MANAGER in person.roles and not person.has_left and person.id not in departed
        for person in chosen.people.staff
    ):
        raise MessageError("error.no_manager_left")


def _author(hub: Hub, change: SettingsChange | None) -> str:
    if change is None or change.by is None:
        return Sentence("settings.by_command")
    return hub.people.names().get(change.by, change.by)


def _row(edit: Edit) -> Row:
    return edit.section, edit.row


ANSWERS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    SettingsChange: on_settings_change,
}
"""This handler's row of the table."""
