"""What a known car's pass (通行证) is worth at the gate, as a table; and who is told."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from broker.alerts.calls import Call, Saying, Value
from broker.alerts.life import Kind
from broker.rules.state import MANAGER
from shared.messages import Level, PassKind

if TYPE_CHECKING:
    from broker.site_file import Pass

CHECKS = ("pass_fits", "pass_mismatch")


class PassVerdict(StrEnum):
    """What the gate does with the car."""

    QUIET = "quiet"
    """It passes; nobody hears of it."""
    CHECK = "check"
    """The gate compares pass and plate."""
    OVER = "over"
    """The pass is not valid today: the gate's to settle."""
    BLACK = "black"
    """It may not come in."""


VERDICTS: Mapping[PassKind, PassVerdict] = {
    PassKind.STAFF: PassVerdict.QUIET,
    PassKind.TOUR: PassVerdict.QUIET,
    PassKind.OWNER: PassVerdict.CHECK,
    PassKind.SUPPLIER: PassVerdict.CHECK,
    PassKind.OTHER: PassVerdict.CHECK,
    PassKind.BLACK: PassVerdict.BLACK,
}
"""Of a pass that is valid."""


def verdict_on(held: "Pass", on: date) -> PassVerdict | None:
    """What becomes of the car on this day; None: it is as any other. So is a VIP's, and one of a
    black list's row that holds no more or not yet.
    """
    if held.kind is PassKind.VIP:
        return None
    if is_valid(held, on):
        return VERDICTS[held.kind]
    return None if held.kind is PassKind.BLACK else PassVerdict.OVER


def is_valid(held: "Pass", on: date) -> bool:
    """Whether the pass holds on this day."""
    return (held.valid_from or on) <= on <= (held.valid_to or on)


def calls_of_vip(held: "Pass", on: date) -> Iterator[Call]:
    """The manager hears of a VIP's car at the gate, and the gate whom it lets in."""
    if held.kind is PassKind.VIP and is_valid(held, on):
        fields: Mapping[str, Value] = {"plate": held.plate, "holder": held.holder or ""}
        yield Call("pass_vip", MANAGER, fields=fields)
        yield Call("pass_vip", "gate", None, Level.INFO, Kind.NOTICE, fields=fields)


def calls_of_pass(held: "Pass", verdict: PassVerdict) -> Iterator[Call]:
    """Whom the car is told to: nobody, the gate, or the manager too."""
    fields: Mapping[str, Value] = {
        "plate": held.plate,
        "kind": Saying(f"pass.kind_{held.kind}"),
        "holder": held.holder or "",
        "number": held.number or "—",
        "until": (held.valid_to or held.valid_from or date.min).isoformat(),
    }
    if verdict is PassVerdict.CHECK:
        yield Call("pass_check", "gate", None, Level.INFO, Kind.NOTICE, CHECKS, fields)
    elif verdict is PassVerdict.OVER:
        actions = ("claim", *CHECKS)
        yield Call("pass_over", "gate", None, Level.NORMAL, Kind.POST, actions, fields)
    elif verdict is PassVerdict.BLACK:
        for role in ("gate", MANAGER):
            yield Call("pass_black", role, level=Level.URGENT, fields=fields)


def call_of_mismatch(held: "Pass | None", plate: str, shown: str) -> Call:
    """The manager hears that a pass and a plate do not belong together."""
    fields: Mapping[str, Value] = {
        "plate": plate,
        "number": (held.number if held else None) or "—",
        "shown": shown or "—",
    }
    return Call("pass_mismatch", MANAGER, fields=fields)
