"""Fields that come in many spellings and are kept in one: plates, phones, names, lines of text.

A struct that inherits from ``Keyed`` puts them into their stored form when it is made, by
whatever way its values come in: JSON, TOML, YAML, a form, a command line. Pure.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct
from msgspec.structs import force_setattr

from shared.errors import BadValueError
from shared.name import TITLES, normalize_name, one_line, surname_and_title
from shared.phone import E164, MOBILE, normalize_phone
from shared.plate import normalize

LONGEST_PLATE = 16
LONGEST_TEXT = 500
_PLATE_SIGNS = r"0-9A-Z*?\u0410-\u042f\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3"
"""Of plates as they are stored: Chinese, and those of other countries that come to a house."""
_STORED_PHONE = re.compile(rf"{MOBILE}|(?!\+861[3-9]){E164}")
_LONGEST_SPELLING = 64
"""Of a plate or a phone, with all its blanks and dashes."""


@dataclass(frozen=True, slots=True)
class StoredAs:
    """Beside a type: the function that brings a value of it into its stored form."""

    form: Callable[[str], str]


def _stored_plate(text: str) -> str:
    plate = normalize(text)
    if not 1 <= len(plate) <= LONGEST_PLATE:
        raise BadValueError("error.plate", longest=LONGEST_PLATE)
    return plate


def _stored_phone(text: str) -> str:
    """As ``normalize_phone``; but whether a number can be called was for the sender to ask."""
    return text if _STORED_PHONE.fullmatch(text) else normalize_phone(text)


Plate = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=_LONGEST_SPELLING,
        description="A number plate; the hub also takes lower case, blanks, dots and dashes",
        examples=["浙A88888"],
        extra_json_schema={"pattern": f"^[{_PLATE_SIGNS}]{{1,{LONGEST_PLATE}}}$(?!\\n)"},
    ),
    StoredAs(_stored_plate),
]
Phone = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=_LONGEST_SPELLING,
        description="A mainland mobile or E.164; the hub also takes what is dialled, as typed",
        examples=["13800138000", "+85291234567", "+8657188888888"],
        extra_json_schema={"pattern": rf"^(?:{_STORED_PHONE.pattern})$(?!\n)"},
    ),
    StoredAs(_stored_phone),
]
Text = Annotated[str, Meta(max_length=LONGEST_TEXT), StoredAs(one_line)]
Name = Annotated[str, Meta(max_length=LONGEST_TEXT), StoredAs(normalize_name)]
"""What somebody is called; longer than ``LONGEST_NAME`` it is cut."""


class Keyed(Struct, frozen=True):
    """Base of structs that may hold a plate, a phone, a name or a text from outside."""

    def __post_init__(self) -> None:
        """Put each such field into its stored form.

        Raises:
            BadValueError: a value has none; the message names the field.
        """
        for name, form in _forms(type(self)):
            given = getattr(self, name)
            if given is None:
                continue
            try:
                stored = form(given)
            except BadValueError as error:
                raise BadValueError("error.field", field=name, problem=error.sentence) from error
            if stored != given:
                force_setattr(self, name, stored)
        surname = getattr(self, "surname", None)
        if surname and surname.endswith(TITLES):
            bare, title = surname_and_title(surname, getattr(self, "salutation", None))
            if bare != surname:
                force_setattr(self, "surname", bare)
                force_setattr(self, "salutation", title)


@cache
def _forms(kind: type[Struct]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """The fields of ``kind`` that have a stored form, each with the function that makes it."""
    hints = get_type_hints(kind, include_extras=True)
    found = ((name, _form(hints[name])) for name in kind.__struct_fields__)
    return tuple((name, form) for name, form in found if form is not None)


def _form(hint: Any) -> Callable[[Any], Any] | None:
    """What brings a value of the type ``hint`` into its stored form; None: it has none."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        marks = (part.form for part in parts[1:] if isinstance(part, StoredAs))
        return next(marks, None) or _form(parts[0])
    if origin is tuple and (form := _form(parts[0])):
        return partial(_each, form)
    if origin in (Union, UnionType):
        form = next(filter(None, map(_form, parts)), None)
        return partial(_or_none, form) if form and type(None) in parts else form
    return None


def _or_none(form: Callable[[str], str], value: str) -> str | None:
    """The stored form; None if there is nothing in it to see."""
    return form(value) or None


def _each(form: Callable[[str], str], values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(form, values))
