"""A list of guests as people type or paste it: a line each, its parts in any order. Pure."""

import re
from collections.abc import Mapping

from broker.console.event_view import Invited
from shared.errors import BadValueError
from shared.phone import normalize_phone
from shared.plate import kinds_of, normalize

MOST = 500
_BETWEEN = re.compile(r"[,;|\t\u3001\uff0c\uff1b]+")
_NUMBER, _FOREIGN = re.compile(r"\+?[\d ()-]+"), re.compile(r"[A-Za-z. ]+")
_LEAST_DIGITS = 7


class LineError(ValueError):
    """A line names nobody who can be recognized; ``line``: its number."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


def read_guests(text: str, hosts: Mapping[str, str]) -> tuple[Invited, ...]:
    """The guests, in order; ``hosts``: the consultants' ids by name.

    Raises:
        LineError: a line has neither a phone nor a plate, or there are too many.
    """
    found: list[Invited] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            guest = _guest(_parts(line), hosts)
            if guest is None or len(found) == MOST:
                raise LineError(number)
            found.append(guest)
    return tuple(found)


def _parts(line: str) -> list[str]:
    """What stands between commas; in a part with a number also what stands between blanks."""
    return [part for whole in _BETWEEN.split(line) for part in _words(whole.strip())]


def _words(whole: str) -> list[str]:
    if not any(char.isdecimal() for char in whole):
        return [whole] if whole else []
    words: list[str] = []
    for word in whole.split():
        if words and _goes_on(words[-1], word):
            words[-1] += f" {word}"
        else:
            words.append(word)
    return words


def _goes_on(before: str, word: str) -> bool:
    """Whether both are one number or plate written with a blank, or one name of a foreigner."""
    is_plate = bool(kinds_of(normalize(before + word)))
    return is_plate or any(form.fullmatch(f"{before} {word}") for form in (_NUMBER, _FOREIGN))


def _guest(parts: list[str], hosts: Mapping[str, str]) -> Invited | None:
    phone = plate = name = host_id = None
    for part in parts:
        if part in hosts and name is not None:
            host_id = hosts[part]
        elif (number := _phone(part)) is not None:
            phone = phone or number
        elif kinds_of(normalize(part)):
            plate = plate or normalize(part)
        else:
            name = name or part[:20]
    return Invited(name, phone, plate, host_id) if phone or plate else None


def _phone(text: str) -> str | None:
    if sum(char.isdecimal() for char in text) < _LEAST_DIGITS:
        return None
    try:
        return normalize_phone(text)
    except BadValueError:
        return None
