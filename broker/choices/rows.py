"""A site's choices as rows, and the people and house rules that they make.

A row has a section and a name; its value is plain JSON. What nobody chose has no row, and is as
usual.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from broker.rules.advice import AdviceError
from broker.rules.policy import Policy, SpecialDay
from broker.rules.retention import Retention
from broker.rules.shifts import LeaveDays, ShiftRequest, Shifts, SwappedDay, Week
from broker.site_file import Device, Pass, SiteBrand, SitePeople, Staff
from broker.site_words import SiteWord
from shared.errors import BadValueError
from shared.misfit import misfit

Row = tuple[str, str]
"""The section and the row's name in it."""
Rows = Mapping[Row, Any]
STAFF, PINS, DAYS, WORDS, LINE = "staff", "pins", "days", "words", "line"
PASSES, DEVICES = "passes", "devices"
WEEKS, SWAPS, LEAVES, ASKED = "weeks", "swaps", "leaves", "asked"
"""Sections: people and their PINs by id, days with their own hours by date, the house's words by
kind, the order, known cars and devices by id, the shifts: weeks by person, swapped days by date,
leave and what is asked for by id: a row's name stands in the journal's public part."""
POLICY, RETENTION, BRAND = "policy", "retention", "brand"
"""Sections with a row for each field."""
FIELDS: dict[str, type[msgspec.Struct]] = {
    POLICY: Policy,
    RETENTION: Retention,
    BRAND: SiteBrand,
}
_NAMES = {
    section: frozenset(field.encode_name for field in msgspec.structs.fields(kind))
    for section, kind in FIELDS.items()
}
OF_THE_MACHINE = frozenset({"timezone", "special_days", "retention", "shifts"})
"""Fields of the policy that are no rows of it: the zone is the machine's, others have sections."""
SHIFTS: dict[str, tuple[str, str, type[msgspec.Struct]]] = {
    WEEKS: ("weeks", "staff_id", Week),
    SWAPS: ("days", "on", SwappedDay),
    LEAVES: ("leaves", "leave_id", LeaveDays),
    ASKED: ("requests", "request_id", ShiftRequest),
}
"""The sections of the shifts: their field there, the key by which a row is named, its kind."""
BY_ID: dict[str, tuple[str, type[msgspec.Struct]]] = {
    PASSES: ("passes", Pass),
    DEVICES: ("devices", Device),
}
"""The sections of which each row has an id: their field among the people, and their kind."""
WORD_KINDS = ("drinks", "seats", "pick_ups", "away_reasons", "exempt", "posts")
FROM_THE_GROUP = frozenset({POLICY, RETENTION, BRAND, WORDS, PASSES})
"""Sections of which a head office may say something: never who works at a site, or when."""
ORDER = (LINE, "order")


class SiteChoices(NamedTuple):
    """Who works at the site and what it calls things, and its house rules."""

    people: SitePeople
    policy: Policy


def is_known(row: Row) -> bool:
    """Whether this release has such a field, where the section's rows are its fields."""
    section, name = row
    return section not in FIELDS or name in _NAMES[section]


def rows_of(chosen: SiteChoices) -> dict[Row, Any]:
    """The rows that make ``chosen``."""
    people, policy = chosen
    rows: dict[Row, Any] = {
        (STAFF, person.id): _plain(person, "id", "pin") for person in people.staff
    }
    rows |= {(PINS, person.id): person.pin for person in people.staff if person.pin}
    rows |= {(DAYS, day.on.isoformat()): _plain(day, "on") for day in policy.special_days}
    for section, (field, _) in BY_ID.items():
        rows |= {(section, held.id): _plain(held, "id") for held in getattr(people, field)}
    for section, (field, key, _) in SHIFTS.items():
        for each in getattr(policy.shifts, field):
            plain = msgspec.to_builtins(each)
            rows[section, plain[key]] = _plain(each, key)
    rows |= {
        (WORDS, kind): [_plain(word) for word in getattr(people, kind)]
        for kind in WORD_KINDS
        if getattr(people, kind) != _USUAL_WORDS[kind]
    }
    if people.order:
        rows[ORDER] = list(people.order)
    held = {POLICY: policy, RETENTION: policy.retention, BRAND: people.brand}
    for section, values in held.items():
        plain, usual = msgspec.to_builtins(values), msgspec.to_builtins(FIELDS[section]())
        rows |= {
            (section, name): value
            for name, value in plain.items()
            if value != usual[name] and not (section == POLICY and name in OF_THE_MACHINE)
        }
    return rows


def chosen_by(rows: Rows, zone: str) -> SiteChoices:
    """The people and house rules that ``rows`` make, at a site in this time ``zone``.

    Raises:
        OperatorError: a value cannot hold; names the row and field, and says what to write.
    """
    policy = convert(
        {
            **_section(rows, POLICY),
            "timezone": zone,
            "retention": convert(_section(rows, RETENTION), Retention, (RETENTION, "")),
            "shifts": _shifts(rows),
            "special_days": _special_days(rows),
        },
        Policy,
        (POLICY, ""),
    )
    staff = tuple(
        msgspec.structs.replace(
            _record(value, "id", Staff, (STAFF, name)),
            pin=convert(rows.get((PINS, name), ""), str, (PINS, name)),
        )
        for name, value in _section(rows, STAFF).items()
    )
    consultants = {person.id for person in staff if "consultant" in person.roles}
    order = convert(rows.get(ORDER, ()), tuple[str, ...], ORDER)
    people = SitePeople(
        staff=staff,
        order=tuple(who for who in order if who in consultants),
        brand=convert(_section(rows, BRAND), SiteBrand, (BRAND, "")),
        passes=tuple(sorted(_by_id(rows, PASSES), key=lambda each: each.plate)),
        devices=_by_id(rows, DEVICES),
        **{
            kind: convert(rows[WORDS, kind], tuple[SiteWord, ...], (WORDS, kind))
            for kind in WORD_KINDS
            if (WORDS, kind) in rows
        },
    )
    return SiteChoices(people, policy)


def _special_days(rows: Rows) -> tuple[SpecialDay, ...]:
    return tuple(
        _record(value, "on", SpecialDay, (DAYS, name))
        for name, value in sorted(_section(rows, DAYS).items())
    )


def _shifts(rows: Rows) -> Shifts:
    return Shifts(
        **{
            field: tuple(
                _record(value, key, kind, (section, name))
                for name, value in sorted(_section(rows, section).items())
            )
            for section, (field, key, kind) in SHIFTS.items()
        }
    )


def _by_id(rows: Rows, section: str) -> tuple[Any, ...]:
    """What the section holds, each row with its name as ``id``."""
    _, kind = BY_ID[section]
    held = sorted(_section(rows, section).items())
    return tuple(_record(value, "id", kind, (section, name)) for name, value in held)


def convert(value: Any, kind: Any, row: Row) -> Any:
    """The plain ``value`` as this kind.

    Raises:
        BadValueError: it does not fit; names the row and field, and says what to write.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        field, problem = _said(error)
        where = ".".join(filter(None, (*row, field.removeprefix(f"{row[0]}."))))
        raise BadValueError("error.field", field=where, problem=problem) from error


def _said(error: msgspec.ValidationError) -> tuple[str, str]:
    """The field that ``error`` is about, and what is wrong; an empty field: all of it."""
    ours = error.__cause__
    if isinstance(ours, AdviceError):
        return ours.key, ours.advice
    if isinstance(ours, BadValueError):
        values = ours.sentence.values
        return str(values.get("field", "")), _text(values.get("problem", ours.sentence))
    where = re.search(r" - at `\$\.?([^`]*)`$", str(error))
    return where[1] if where else "", misfit(re.sub(r" - at `.*`$", "", str(error)))


def _record(value: Any, key: str, kind: Any, row: Row) -> Any:
    """The row's value, whose name is its ``key``, as this kind."""
    plain = {**convert(value, dict[str, Any], row), key: row[1]}
    return convert(plain | {"pin": ""} if kind is Staff else plain, kind, row)


def _text(problem: object) -> str:
    return problem if isinstance(problem, str) else str(problem)


def _section(rows: Rows, section: str) -> dict[str, Any]:
    return {name: value for (of, name), value in rows.items() if of == section}


def _plain(value: msgspec.Struct, *keys: str) -> dict[str, Any]:
    """``value`` without these ``keys`` and without what is as usual."""
    usual = {
        field.encode_name: msgspec.to_builtins(field.default)
        for field in msgspec.structs.fields(value)
        if field.default is not msgspec.NODEFAULT
    }
    plain = msgspec.to_builtins(value)
    return {
        name: each
        for name, each in plain.items()
        if name not in keys and (name not in usual or each != usual[name])
    }


_NOBODY = SitePeople(staff=(), order=())
_USUAL_WORDS = {kind: getattr(_NOBODY, kind) for kind in WORD_KINDS}
