"""Takes people and customers out of a ``site.toml``, at a site whose hub reads it no more."""

from pathlib import Path
from zoneinfo import ZoneInfo

from broker.choices.changes import between
from broker.choices.rows import ORDER, PINS, STAFF, Rows, SiteChoices, rows_of
from broker.local.questions import Edit, ListedCustomer
from broker.rules.policy import Policy
from broker.site_file import SitePeople, first_people
from shared.errors import OperatorError

SUFFIX = ".toml"


def edits_of(file: Path, rows: Rows) -> tuple[Edit, ...]:
    """The edits that add and change the people of ``file``; whom it does not name stays.

    Raises:
        OperatorError: the file says what cannot be taken.
    """
    wanted = rows_of(SiteChoices(_people(file), Policy()))
    taken = {row: value for row, value in wanted.items() if row[0] in (STAFF, PINS)}
    order = [*rows.get(ORDER, ()), *wanted.get(ORDER, ())]
    return between(rows, {**rows, **taken, ORDER: list(dict.fromkeys(order))})


def customers_of(file: Path, import_id: str, policy: Policy) -> tuple[ListedCustomer, ...]:
    """The customers of ``file``.

    Raises:
        OperatorError: the file says what cannot be taken.
    """
    return tuple(
        ListedCustomer(
            registration_id=f"{import_id}-{number}",
            consultant_id=known.consultant,
            at=known.at if known.at.tzinfo else known.at.replace(tzinfo=ZoneInfo(policy.timezone)),
            phone=known.phone,
            plates=known.plates,
            surname=known.surname,
            salutation=known.salutation,
            is_unreceived=not known.received,
        )
        for number, known in enumerate(_people(file).registered, start=1)
    )


def _people(file: Path) -> SitePeople:
    if not file.exists():
        raise OperatorError("error.config_file", path=file, name="site")
    people, troubles = first_people(file)
    if troubles:
        raise troubles[0]
    return people
