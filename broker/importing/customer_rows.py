"""What a row of the table says of a customer, or which of its cells cannot be taken, and why."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from unicodedata import normalize

import msgspec

from broker.importing.table_file import Cells
from broker.importing.table_heads import head, is_example
from broker.local.questions import ListedCustomer
from broker.rules.facts import Registration
from broker.rules.match import spellings
from broker.rules.policy import Policy
from broker.site_file import Staff
from shared.errors import BadValueError
from shared.keys import Keyed, Name, Phone, Plate
from shared.words import DEFAULT_LANGUAGE, LANGUAGES, Sentence, read_words

_BY_EXCEL = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_PARTS = re.compile(r"[\s,;/|\u3001]+")
"""Between two plates; the last is the Chinese mark between things that are listed."""
_DAY = re.compile(
    r"(\d{4})\s*\D\s*(\d{1,2})\s*\D\s*(\d{1,2})\s*\D?(?:\s*(\d{1,2}):(\d{2})(?::\d{2})?)?"
)
YES, NO = "import.yes", "import.no"
OLDEST = timedelta(days=3_650)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that cannot be taken."""

    row: int
    column: str
    value: str
    why: Sentence

    @property
    def sentence(self) -> Sentence:
        """The row, its column as the form calls it, what stands there, and why not."""
        column = head(self.column, DEFAULT_LANGUAGE)
        return Sentence("import.wrong", row=self.row, column=column, value=self.value, why=self.why)


class _Customer(Keyed, frozen=True, kw_only=True):
    """The keys of a customer, in their stored form."""

    surname: Name | None = None
    salutation: Name | None = None
    phone: Phone | None = None
    plates: tuple[Plate, ...] = ()


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads rows at a site; ``now`` is when the table is entered."""

    staff: tuple[Staff, ...]
    policy: Policy
    now: datetime

    def read(self, import_id: str, row: int, cells: Cells) -> ListedCustomer | Wrong | None:
        """The customer of this row; None: nobody is meant."""
        if is_example(cells):
            return None
        found: dict[str, object] = {}
        for column, read in _READ.items():
            text = cells.get(column, "").strip()
            try:
                found |= read(self, text)
            except BadValueError as error:
                return Wrong(row, column, text, error.sentence)
        keys = {name: found[name] for name in _Customer.__struct_fields__ if name in found}
        try:
            customer = msgspec.convert(keys, _Customer)
        except msgspec.ValidationError as error:
            return _wrong(row, cells, error)
        if not (customer.phone or customer.plates or customer.surname):
            return Wrong(row, "phone", "", Sentence("import.no_key"))
        return ListedCustomer(
            registration_id=f"{import_id}-{row}",
            consultant_id=str(found["consultant"]),
            at=found["at"],  # type: ignore[arg-type]
            surname=customer.surname,
            salutation=customer.salutation,
            phone=customer.phone,
            plates=customer.plates,
            is_unreceived=bool(found["is_unreceived"]),
            channel=cells.get("channel", "").strip()[:40] or None,
        )

    def consultant(self, text: str) -> dict[str, object]:
        """Whose customer it is: by name or id."""
        named = [person for person in self.staff if text in (person.id, person.name)]
        named = named or [person for person in self.staff if text in spellings(person.name)]
        if len(named) != 1 or not text:
            raise BadValueError("import.consultant_two" if named else "import.consultant_none")
        return {"consultant": named[0].id}

    def received_on(self, text: str) -> dict[str, object]:
        """When it was entered on paper; an empty cell: now."""
        if not text:
            return {"at": self.now}
        parts = _DAY.fullmatch(text)
        try:
            year, month, day, hour, minute = map(int, parts.groups("0") if parts else ())
            day_began = self.policy.start_of(date(year, month, day))
            at = day_began + timedelta(hours=hour, minutes=minute)
        except ValueError:
            raise BadValueError("import.bad_day") from None
        if at > self.now or at < self.now - OLDEST:
            raise BadValueError("import.day_not_past")
        return {"at": at}


def _phone(_reader: RowReader, text: str) -> dict[str, object]:
    if _BY_EXCEL.fullmatch(text):
        raise BadValueError("import.by_excel")
    return {"phone": text} if text else {}


def _plates(_reader: RowReader, text: str) -> dict[str, object]:
    plates = [part for part in _PARTS.split(normalize("NFKC", text)) if part]
    return {"plates": plates} if plates else {}


def _received(_reader: RowReader, text: str) -> dict[str, object]:
    said = text.lower()
    if said and said not in (*_said(YES), *_said(NO)):
        raise BadValueError("import.yes_or_no")
    return {"is_unreceived": said in _said(NO)}


@cache
def _said(answer: str) -> frozenset[str]:
    """How people write ``YES`` or ``NO``, in any language."""
    words = read_words("shared")
    return frozenset(word for tag in LANGUAGES for word in words.say(answer, tag).split("|"))


def _plain(name: str) -> Callable[[RowReader, str], dict[str, object]]:
    return lambda _reader, text: {name: text} if text else {}


_READ: Mapping[str, Callable[[RowReader, str], dict[str, object]]] = {
    "consultant": RowReader.consultant,
    "received_on": RowReader.received_on,
    "name": _plain("surname"),
    "title": _plain("salutation"),
    "phone": _phone,
    "plates": _plates,
    "received": _received,
}
_COLUMN_OF = {"surname": "name", "salutation": "title", "phone": "phone", "plates": "plates"}


def _wrong(row: int, cells: Cells, error: msgspec.ValidationError) -> Wrong:
    ours = error.__cause__
    values = ours.sentence.values if isinstance(ours, BadValueError) else {}
    column = _COLUMN_OF.get(str(values.get("field")), "phone")
    problem = values.get("problem")
    why = problem if isinstance(problem, Sentence) else Sentence("import.bad_value")
    return Wrong(row, column, cells.get(column, ""), why)


def phones_and_plates(customer: ListedCustomer | Registration) -> Iterable[str]:
    """The keys by which the customer is found."""
    return filter(None, (customer.phone, *customer.plates))
