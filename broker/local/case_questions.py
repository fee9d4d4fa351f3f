"""What pages ask about the pictures of a defect: never sent by MQTT."""

from typing import Annotated

from msgspec import Meta

from shared.messages import Id, Message, Moment, NodeId


class CasePictured(Message, frozen=True, kw_only=True):
    """Somebody brings a picture of what is broken.

    The journal has the hash, the case and the author; the picture lies in a table of its own, from
    which it can be taken out again.
    """

    picture_id: Id
    case_id: Id
    asked_at: Moment
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
    content: bytes = b""
    """The JPEG file; empty in the journal and among the messages that are kept."""
    staff_id: NodeId | None = None
    """None: the visitor who just entered the case."""


class CasePictureGone(Message, frozen=True, kw_only=True):
    """Somebody takes a picture out again: it shows a face, or something else."""

    request_id: Id
    picture_id: Id
    case_id: Id
    asked_at: Moment
    staff_id: NodeId
