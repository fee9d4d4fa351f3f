"""The fields of the pages of settings: how each is shown, and what a form says of it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

import msgspec

from broker.choices.rows import FIELDS, POLICY, RETENTION, Row, Rows
from broker.rules.policy import END_OF_LINE, KEEP_ORDER, REACHES, ROTATION_ROWS, ROWS
from broker.rules.retention import Retention
from shared.errors import BadValueError

LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class SettingField:
    """A value that may be chosen. ``kind`` says how it is written: see ``READERS``."""

    section: str
    row: str
    kind: str
    options: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """In the form."""
        return f"{self.section}.{self.row}"

    @property
    def usual(self) -> Any:
        """Its value where nobody chose any."""
        value = msgspec.to_builtins(FIELDS[self.section]())[self.row]
        return list(value) if isinstance(value, tuple) else value

    def value(self, rows: Rows) -> Any:
        """What holds by ``rows``."""
        return rows.get((self.section, self.row), self.usual)


def _policy(kind: str, *rows: str) -> tuple[SettingField, ...]:
    return tuple(SettingField(POLICY, row, kind) for row in rows)


HOURS = (
    *_policy("time", "open", "close", "lunch_from", "lunch_to"),
    *_policy("people", "duty"),
)
PROTECTION = (
    *_policy("number", "protection_days", "unreceived_protection_days"),
    *_policy("yes", "renews_by_courtesy"),
    *_policy("number", "look_then_claim_days", "bulk_per_hour", "newcomers_a_day"),
    *_policy("number", "booking_lead_minutes", "channel_lead_minutes", "ruling_within_days"),
    *_policy("number", "exclusive_setup_minutes", "exclusive_clearing_minutes"),
    *_policy("number", "waiting_offer_minutes"),
    *_policy("yes", "known_across"),
    SettingField(POLICY, "protection_reach", "choice", REACHES),
)
TURNS = (
    *_policy("number", "absent_after_s", "must_meet_within_s"),
    SettingField(POLICY, "after_reception", "choice", (END_OF_LINE, KEEP_ORDER)),
    *_policy("number", "stand_in_minutes", "stand_ins_a_day"),
    *_policy("yes", "is_make_up_carried", "is_same_party_kept", "is_family_one_party"),
    *_policy("yes", "is_busy_owner_helped", "overdue_follow_ups_rest_the_turn"),
    SettingField(POLICY, "rows", "order", ROWS),
    SettingField(POLICY, "rows_that_use_a_turn", "ticks", ROTATION_ROWS),
)
CALLS = _policy(
    "number",
    *("repeat_after_s", "second_after_s", "manager_after_s"),
    *("refill_every_minutes", "served_within_minutes", "follow_up_days"),
)
KEPT = tuple(SettingField(RETENTION, name, "number") for name in Retention.__struct_fields__)
RULE_GROUPS: Mapping[str, Sequence[SettingField]] = {
    "hours": HOURS,
    "protection": PROTECTION,
    "turns": TURNS,
    "calls": CALLS,
    "kept": KEPT,
}
BRAND_FIELDS = tuple(
    SettingField("brand", row, "text")
    for row in ("zh-CN", "en", "zh-TW", "colour", "second", "logo", "welcome", "directions")
)


def _time(given: Sequence[str]) -> Any:
    return normalize("NFKC", _one(given))


def _number(given: Sequence[str]) -> Any:
    text = _one(given)
    if not text.isdecimal() or len(text) > LONGEST_NUMBER:
        raise BadValueError("advice.number")
    return int(text)


def _yes(given: Sequence[str]) -> Any:
    return "yes" in given


def _text(given: Sequence[str]) -> Any:
    return _one(given) or None


def _several(given: Sequence[str]) -> Any:
    return list(dict.fromkeys(filter(None, (each.strip() for each in given))))


def _one(given: Sequence[str]) -> str:
    return given[-1].strip() if given else ""


READERS: dict[str, Callable[[Sequence[str]], Any]] = {
    "time": _time,
    "number": _number,
    "yes": _yes,
    "choice": _text,
    "text": _text,
    "people": _several,
    "order": _several,
    "ticks": _several,
}
"""What a form's texts say, by the kind of the field."""


def read(field: SettingField, given: Sequence[str]) -> Any:
    """The value that the form's texts say; None: as usual.

    Raises:
        BadValueError: they say none.
    """
    value = READERS[field.kind](given)
    return None if value == field.usual else value


def seen(text: str | None) -> Any:
    """The value that the form was filled in on, as the page put it there.

    Raises:
        BadValueError: it is not the page's.
    """
    try:
        return json.loads(text or "null")
    except (ValueError, RecursionError):
        raise BadValueError("advice.reload") from None


def shown(rows: Rows, row: Row) -> str:
    """A row's value, for ``seen``."""
    return json.dumps(rows.get(row), ensure_ascii=False, sort_keys=True)
