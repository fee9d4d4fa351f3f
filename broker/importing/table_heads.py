"""The columns of a table of customers: what they may be called, and the empty form."""

import csv
import io
from collections.abc import Iterable, Mapping
from functools import cache
from unicodedata import normalize

from shared.words import DEFAULT_LANGUAGE, LANGUAGES, read_words

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
NEEDED = ("consultant",)
KEYS = ("phone", "plates", "name")
"""One of them says who is meant."""


def names(column: str) -> tuple[str, ...]:
    """What the column may be called, in any language; the first is the form's."""
    words = read_words("shared")
    said = (words.say(COLUMNS[column], tag) for tag in LANGUAGES)
    return tuple(dict.fromkeys(name for text in said for name in text.split("|")))


def head(column: str, language: str) -> str:
    """What the form calls the column."""
    return read_words("shared").say(COLUMNS[column], language).split("|")[0]


def columns_of(titles: Iterable[str]) -> dict[int, str]:
    """Which column stands at which place, by the titles of a table's first row."""
    known = {_key(name): column for column in COLUMNS for name in (*names(column), column)}
    found = ((place, known.get(_key(title))) for place, title in enumerate(titles))
    return {place: column for place, column in found if column is not None}


def template(language: str) -> str:
    """The empty form with one line that shows how it is filled in, as CSV for Excel."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow([head(column, language) for column in COLUMNS])
    writer.writerow(_example())
    return "\ufeff" + made.getvalue()


@cache
def _example() -> tuple[str, ...]:
    return tuple(read_words("shared").say("import.example", DEFAULT_LANGUAGE).split("|"))


def is_example(cells: Mapping[str, str]) -> bool:
    """Whether the row is the form's own line."""
    return tuple(cells.get(column, "") for column in COLUMNS) == _example()


def _key(name: str) -> str:
    """A title without what somebody adds to it: blanks, stars, what stands in brackets."""
    plain = normalize("NFKC", name).partition("(")[0]
    return "".join(plain.split()).strip("*:").lower()
