"""What visitors who are not customers tell: why, name, how many, to whom (002). Pure."""

from dataclasses import dataclass

from kiosk.answers import LONGEST_NAME, AnswersError, Page
from shared.messages import ServiceKind

LARGEST_CREW = 99
WHOM_REQUIRED = frozenset({ServiceKind.MEETING})
"""Those who come to see somebody (找人) must say whom."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Why a person or a crew came in."""

    kind: ServiceKind
    name: str
    party_size: int
    whom: str | None


def read_errand(kind: ServiceKind, page: Page) -> Errand:
    """Read the form.

    Raises:
        AnswersError: something has to be corrected first.
    """
    problems: dict[str, str] = {}
    name, whom = page.text("name", LONGEST_NAME), page.text("whom", LONGEST_NAME)
    size = page.text("party_size", 2) or "1"
    if name is None:
        problems["name"] = "problem.name"
    if whom is None and kind in WHOM_REQUIRED:
        problems["whom"] = "problem.whom"
    if not (size.isascii() and size.isdigit() and 1 <= int(size) <= LARGEST_CREW):
        problems["party_size"] = "problem.party_size"
    if problems:
        raise AnswersError(**problems)
    return Errand(kind, name or "", int(size), whom)
