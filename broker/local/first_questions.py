"""What the page of a new site asks (首次设置)."""

from shared.messages import Id, Message, Moment, NodeId


class AlertTried(Message, frozen=True, kw_only=True):
    """The manager tries whether somebody's phone rings."""

    request_id: Id
    asked_at: Moment
    staff_id: NodeId
    by: NodeId


class KeyShown(Message, frozen=True, kw_only=True):
    """The manager looks at the key of the backups, to print it."""

    request_id: Id
    asked_at: Moment
    by: NodeId


class CameraLooked(Message, frozen=True, kw_only=True):
    """The manager looks at what a gate's camera sees."""

    request_id: Id
    asked_at: Moment
    gate_id: NodeId
    by: NodeId
