"""Fetches what head office says to the site, and hands to the hub what is signed by it (下发)."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol

from broker.journal.choices import changes_in
from broker.journal.entries import FILE_NAME, open_read_only
from broker.journal.shipment import GroupDocument
from broker.local.questions import DocumentName, Edit, SettingsChange
from broker.shipping.membership import Membership
from broker.site_key.signing import is_signed
from shared.clock import now
from shared.errors import OperatorError
from shared.sealed_file import sqlite3

log = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0


class Above(Protocol):
    """The head office."""

    def documents(self, site: str, after: int) -> tuple[GroupDocument, ...]:
        """What it says to the site, behind the number ``after``."""


class DocumentsPull:
    """One site's. It keeps nothing: what the hub has, its journal says."""

    def __init__(
        self,
        folder: Path,
        member: Membership,
        above: Above,
        hand_over: Callable[[SettingsChange], None],
    ) -> None:
        """``hand_over``: asks the hub to keep a document."""
        self._file, self._member, self._above = folder / FILE_NAME, member, above
        self._hand_over = hand_over
        self._due_at_s = 0.0

    def step(self, at_s: float) -> None:
        """Look once a minute; ``at_s`` is monotonic. What fails now is tried again then."""
        if at_s < self._due_at_s:
            return
        self._due_at_s = at_s + LOOK_EVERY_S
        try:
            for document in self._above.documents(self._member.site, self._known()):
                if self._is_genuine(document):
                    self._hand_over(change_of(document))
                    log.info("document %s, version %d", document.name, document.version)
                else:
                    log.error("document %d is not head office's own", document.number)
        except (OSError, sqlite3.OperationalError) as error:
            log.warning("documents are not reached: %s", error)
        except OperatorError as error:
            log.warning("a document is not taken: %s", error)

    def _known(self) -> int:
        """The last document that the hub has."""
        with closing(open_read_only(self._file)) as db:
            named = (one.change.document for one in changes_in(db))
            return max((each.number for each in named if each), default=0)

    def _is_genuine(self, document: GroupDocument) -> bool:
        key, to = self._member.documents_key, document.site
        is_meant = to in ("", self._member.site)
        return bool(key) and is_meant and is_signed(document.claim, document.signature, key)


def change_of(document: GroupDocument) -> SettingsChange:
    """The change of the site's choices that a document asks for."""
    moment = now()
    return SettingsChange(
        change_id=f"group-{document.number}-{document.name}"[:64],
        asked_at=moment,
        edits=tuple(_edits(document)),
        valid_from=document.valid_from,
        document=DocumentName(document.number, document.name, document.version),
    )


def _edits(document: GroupDocument) -> Iterator[Edit]:
    for sections, may_differ in ((document.default, True), (document.binding, False)):
        for section, rows in sections.items():
            for row, value in rows.items():
                yield Edit(section, row, now=value, may_differ=may_differ)
