"""Fetches what head office says to the site, and hands to the hub what is signed by it (下发)."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol

from broker.journal.choices import changes_in
from broker.journal.entries import FILE_NAME, open_read_only
from broker.journal.erasures import ErasureOrder
from broker.journal.shipment import MOST_PROBLEM, Documents, GroupDocument, RefusedDocument
from broker.local.questions import DocumentName, Edit, PersonRequest, Purpose, SettingsChange
from broker.shipping.membership import Membership
from broker.site_key.key import read_key
from broker.site_key.signing import is_signed
from shared.clock import now
from shared.errors import MessageError, OperatorError
from shared.sealed_file import sqlite3
from shared.words import DEFAULT_LANGUAGE, in_language

log = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0


class SpeaksDown(Protocol):
    """The head office."""

    def documents(self, site: str, after: int) -> Documents:
        """What it says to the site, behind the number ``after``."""


class DocumentsPull:
    """One site's. It keeps nothing: what the hub has, its journal says."""

    def __init__(
        self,
        folder: Path,
        member: Membership,
        above: SpeaksDown,
        hand_over: Callable[[SettingsChange | PersonRequest], None],
        site_key: Path,
    ) -> None:
        """``hand_over``: asks the hub to keep a document, or to erase somebody."""
        self._file, self._member, self._above = folder / FILE_NAME, member, above
        self._hand_over, self._site_key = hand_over, site_key
        self._due_at_s = 0.0
        self.refused: dict[int, RefusedDocument] = {}
        """What the hub did not take, by number; it is offered again until a later one is taken."""

    def step(self, at_s: float) -> None:
        """Look once a minute; ``at_s`` is monotonic. What fails now is tried again then."""
        if at_s < self._due_at_s:
            return
        self._due_at_s = at_s + LOOK_EVERY_S
        try:
            told = self._above.documents(self._member.site, self._known())
            for document in filter(self._is_genuine, told.documents):
                self._offer(document)
            for order in filter(self._is_genuine, told.erasures):
                phone = read_key(self._site_key).opened(order.sealed)
                self._hand_over(request_of(order, phone))
                log.info("erasure %s", order.erasure_id)
        except (OSError, sqlite3.OperationalError) as error:
            log.warning("documents are not reached: %s", error)
        except OperatorError as error:
            log.warning("a document is not taken: %s", error)

    def _offer(self, document: GroupDocument) -> None:
        """Hand it to the hub; one that it refuses keeps none of the others back."""
        try:
            self._hand_over(change_of(document))
        except MessageError as error:
            if document.number not in self.refused:
                log.warning("document %s is refused: %s", document.name, error)
            self.refused[document.number] = RefusedDocument(
                number=document.number,
                name=document.name,
                version=document.version,
                problem=str(in_language(error.sentence, DEFAULT_LANGUAGE))[:MOST_PROBLEM],
            )
            return
        self.refused.pop(document.number, None)
        log.info("document %s, version %d", document.name, document.version)

    def _known(self) -> int:
        """The last document that the hub has."""
        with closing(open_read_only(self._file)) as db:
            named = (one.change.document for one in changes_in(db))
            return max((each.number for each in named if each), default=0)

    def _is_genuine(self, told: GroupDocument | ErasureOrder) -> bool:
        """Whether head office signed it, and for this site."""
        key, own = self._member.documents_key, self._member.site
        is_meant = told.site == own or (told.site == "" and isinstance(told, GroupDocument))
        is_genuine = bool(key) and is_meant and is_signed(told.claim, told.signature, key)
        if not is_genuine:
            log.error("not head office's own, and left: %s", type(told).__name__)
        return is_genuine


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


def request_of(order: ErasureOrder, phone: str) -> PersonRequest:
    """What the hub is asked by an order; its journal then tells head office what came of it."""
    return PersonRequest(
        request_id=order.erasure_id, purpose=Purpose.ERASE, asked_at=now(), phone=phone
    )


def _edits(document: GroupDocument) -> Iterator[Edit]:
    for sections, may_differ in ((document.default, True), (document.binding, False)):
        for section, rows in sections.items():
            for row, value in rows.items():
                yield Edit(section, row, now=value, may_differ=may_differ)
