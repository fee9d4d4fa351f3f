"""The columns of a table: what they may be called, and the empty form."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from unicodedata import normalize

from shared.words import DEFAULT_LANGUAGE, LANGUAGES, read_words


@dataclass(frozen=True, slots=True)
class TableForm:
    """A kind of table."""

    columns: Mapping[str, str]
    """In the order of the form, each with the sentence of what it may be called."""
    needed: tuple[str, ...]
    keys: tuple[str, ...]
    """One of them says who or what is meant."""
    example: str
    """The sentence that is the form's own line."""


COLUMNS = {
    "consultant": "import.column_consultant",
    "received_on": "import.column_received_on",
    "name": "import.column_name",
    "title": "import.column_title",
    "phone": "import.column_phone",
    "plates": "import.column_plates",
    "received": "import.column_received",
    "channel": "import.column_channel",
}
"""The columns in the order of the form, each with the sentence of what it may be called."""
CUSTOMERS_FORM = TableForm(COLUMNS, ("consultant",), ("phone", "plates", "name"), "import.example")
PASSES_FORM = TableForm(
    {
        "plate": "import.column_plate",
        "kind": "import.column_kind",
        "holder": "import.column_holder",
        "number": "import.column_number",
        "valid_from": "import.column_valid_from",
        "valid_to": "import.column_valid_to",
        "area": "import.column_area",
    },
    ("plate",),
    ("plate",),
    "import.pass_example",
)
PLANS_FORM = TableForm(
    {
        "starts_at": "import.column_starts_at",
        "ends_at": "import.column_ends_at",
        "name": "import.column_name",
        "phone": "import.column_phone",
        "plates": "import.column_plates",
        "level": "import.column_level",
        "host": "import.column_host",
        "exclusive": "import.column_exclusive",
        "party_size": "import.column_party_size",
        "rooms": "import.column_rooms",
        "note": "import.column_note",
    },
    ("starts_at",),
    ("phone", "plates"),
    "import.plan_example",
)
FORMS = {"customers": CUSTOMERS_FORM, "passes": PASSES_FORM, "plans": PLANS_FORM}
_TITLES = {name: said for form in FORMS.values() for name, said in form.columns.items()}


def names(column: str) -> tuple[str, ...]:
    """What the column may be called, in any language; the first is the form's."""
    words = read_words("shared")
    said = (words.say(_TITLES[column], tag) for tag in LANGUAGES)
    return tuple(dict.fromkeys(name for text in said for name in text.split("|")))


def head(column: str, language: str) -> str:
    """What the form calls the column."""
    return read_words("shared").say(_TITLES[column], language).split("|")[0]


def columns_of(titles: Iterable[str], form: TableForm = CUSTOMERS_FORM) -> dict[int, str]:
    """Which column stands at which place, by the titles of a table's first row."""
    known = {_key(name): column for column in form.columns for name in (*names(column), column)}
    found = ((place, known.get(_key(title))) for place, title in enumerate(titles))
    return {place: column for place, column in found if column is not None}


def template(language: str, form: TableForm = CUSTOMERS_FORM) -> str:
    """The empty form with one line that shows how it is filled in, as CSV for Excel."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow([head(column, language) for column in form.columns])
    writer.writerow(_example(form.example))
    return "\ufeff" + made.getvalue()


@cache
def _example(key: str) -> tuple[str, ...]:
    return tuple(read_words("shared").say(key, DEFAULT_LANGUAGE).split("|"))


def is_example(cells: Mapping[str, str], form: TableForm = CUSTOMERS_FORM) -> bool:
    """Whether the row is the form's own line."""
    return tuple(cells.get(column, "") for column in form.columns) == _example(form.example)


def _key(name: str) -> str:
    """A title without what somebody adds to it: blanks, stars, what stands in brackets."""
    plain = normalize("NFKC", name).partition("(")[0]
    return "".join(plain.split()).strip("*:").lower()
