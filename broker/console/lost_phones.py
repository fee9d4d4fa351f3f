"""Whose phone is missed, as the wall, the health page and the doctor tell it alike."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from broker.console.site_view import Overview, Post, PostLine
from shared.messages import NodeKind

TODAY = timedelta(hours=12)
"""Whose phone was silent for longer is off today, for all we know."""
ON_DUTY = (Post.HERE, Post.CALLED, Post.SERVING)
_EXCUSED = (Post.AWAY, Post.EXCUSED)


@dataclass(frozen=True, slots=True)
class LostPhone:
    """Somebody none of whose phones is online."""

    staff_id: str
    is_due: bool
    """Whether they are on duty for certain: consultants sign in and out, others only go online."""


def lost_phones(site: Overview, now: datetime) -> tuple[LostPhone, ...]:
    """Who cannot be reached though they seem to be at work."""
    phones = [node for node in site.nodes if node.kind is NodeKind.STAFF]
    online = {node.node_id for node in phones if node.is_online}
    lately = {node.node_id for node in phones if node.seen_at and now - node.seen_at < TODAY}
    return tuple(
        LostPhone(line.staff_id, line.post in ON_DUTY)
        for line in site.posts
        if line.staff_id in lately - online and _is_missed(line)
    )


def _is_missed(line: PostLine) -> bool:
    if "consultant" in line.roles:
        return line.post in ON_DUTY
    return line.post not in _EXCUSED
