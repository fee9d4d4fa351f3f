"""What the last page shows: never more than the hub has said. Pure."""

from dataclasses import dataclass

from shared.messages import Assignment, Coming

SENT_WITHIN_S = 3.0
"""By then the hub has a check-in, or it is away."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """A check-in that the hub's disk does not have yet."""

    was_heard: bool
    is_connected: bool


def showing(
    assigned: Assignment | None,
    *,
    waited_s: float,
    answer_within_s: float,
    unsent: Unsent | None,
) -> str:
    """The page's name and whom it names; the page polls this and loads again when it changes.

    ``assigned`` is the hub's latest word. ``asked:李敏`` may become ``set_out:李敏`` and ends with
    ``over``, when they have met.
    """
    if assigned and assigned.coming is Coming.MET:
        return "over"
    if assigned and assigned.host_name:
        return f"{assigned.coming}:{assigned.host_name}"
    if unsent is not None:
        if unsent.was_heard:
            return "told"
        if not unsent.is_connected or waited_s >= SENT_WITHIN_S:
            return "tell_desk"
    if assigned is not None:
        return f"please_wait:{assigned.notice or assigned.wait_hint or ''}"
    return "please_wait:" if waited_s >= answer_within_s else "calling"
