"""What follows when a picture of a defect is brought, or taken out again."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from broker.handlers.case_work import is_noted, may_work_on
from broker.handlers.context import Hub
from broker.local.case_questions import CasePictured, CasePictureGone
from broker.rules.case_classes import MOST_PICTURES, MOST_PICTURES_OF_VISITOR
from broker.store.case_files import CaseFile, Cases
from broker.store.case_pictures import CasePictures, PictureRow
from shared.errors import MessageError
from shared.messages import Message

RIGHT_AFTER = timedelta(minutes=10)
"""A visitor's pictures come with what they said, never later."""
MOST_BYTES = 512 << 10
"""The pages make them smaller than this."""


def on_case_pictured(hub: Hub, asked: CasePictured) -> Iterator[Message]:
    """Keep the picture, if it is theirs to bring and the case has room for it."""
    file, pictures = Cases(hub.inbox.db).find(asked.case_id), CasePictures(hub.inbox.db)
    if file is None or not _may_bring(hub, file, asked.staff_id):
        raise MessageError("error.not_yours")
    if hashlib.sha256(asked.content).hexdigest() != asked.sha256 or len(asked.content) > MOST_BYTES:
        raise MessageError("error.case_picture")
    most = MOST_PICTURES_OF_VISITOR if asked.staff_id is None else MOST_PICTURES
    is_room = len(pictures.of_case(asked.case_id)) < most
    if not is_room and not hub.inbox.has_message(asked.picture_id):
        raise MessageError("error.case_pictures", most=most)
    if is_noted(hub, asked.picture_id, replace(asked, content=b"")):
        row = PictureRow(asked.picture_id, hub.clock(), asked.staff_id)
        pictures.add(asked.case_id, row, asked.content)
    yield from ()


def on_case_picture_gone(hub: Hub, asked: CasePictureGone) -> Iterator[Message]:
    """Keep the picture no longer; that it was there stays in the journal."""
    file, pictures = Cases(hub.inbox.db).find(asked.case_id), CasePictures(hub.inbox.db)
    found = {row.picture_id for row in pictures.of_case(asked.case_id)}
    if file is None or not may_see_pictures(hub, file, asked.staff_id):
        raise MessageError("error.not_yours")
    if asked.picture_id in found and is_noted(hub, asked.request_id, asked):
        pictures.drop(asked.picture_id)
    yield from ()


def may_see_pictures(hub: Hub, file: CaseFile, staff_id: str) -> bool:
    """Whether it is this person's to work on, or they entered it."""
    return file.said.by == staff_id or may_work_on(hub, file, staff_id)


def _may_bring(hub: Hub, file: CaseFile, staff_id: str | None) -> bool:
    if staff_id is not None:
        return may_see_pictures(hub, file, staff_id)
    return file.said.by is None and hub.clock() - file.case.opened_at <= RIGHT_AFTER


ANSWERS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    CasePictured: on_case_pictured,
    CasePictureGone: on_case_picture_gone,
}
"""These handlers' rows of the table."""
