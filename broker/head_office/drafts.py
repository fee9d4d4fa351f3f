"""What an operator writes to be published: a TOML file, held to what sites could take."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from broker.choices.rows import FROM_THE_GROUP, Rows, chosen_by, rows_of
from shared.config import Settings, read_config
from shared.errors import BadValueError, OperatorError

_ZONE = "Asia/Shanghai"
"""Any will do to try the rows."""
Sections = dict[str, dict[str, Any]]


class Draft(Settings, frozen=True, kw_only=True):
    """A document that is not signed yet; ``group_document.example.toml`` explains each key."""

    name: Annotated[str, Meta(pattern=r"^[a-z0-9_-]{1,32}\Z")]
    valid_from: Annotated[datetime, Meta(tz=True)]
    binding: Sections = msgspec.field(default_factory=dict)
    default: Sections = msgspec.field(default_factory=dict)


def read_draft(path: Path) -> Draft:
    """The draft in the file ``path``.

    Raises:
        OperatorError: it says nothing, what only sites may say, or what can't hold; says what.
    """
    draft = read_config(Draft, path)
    rows = dict[tuple[str, str], Any]()
    for sections in (draft.default, draft.binding):
        for section, values in sections.items():
            if section not in FROM_THE_GROUP:
                known = ", ".join(sorted(FROM_THE_GROUP))
                raise OperatorError(
                    "error.document_section", path=path, section=section, sections=known
                )
            rows |= {(section, row): value for row, value in values.items()}
    if not rows:
        raise OperatorError("error.no_rows", path=path)
    try:
        stored = rows_of(chosen_by(rows, _ZONE))
    except BadValueError as error:
        raise OperatorError("error.document", path=path, problem=error.sentence) from error
    return msgspec.structs.replace(
        draft, binding=_stored(draft.binding, stored), default=_stored(draft.default, stored)
    )


def _stored(sections: Sections, stored: Rows) -> Sections:
    """The rows with their values in stored form; what is as usual stays as it was written."""
    return {
        section: {row: stored.get((section, row), value) for row, value in values.items()}
        for section, values in sections.items()
    }
