"""Axis License Plate Verifier and the like: a car is new, updated and lost. Pure."""

from gate.vendors.body import BadBodyError, Body
from gate.vendors.read import (
    Understood,
    VendorRead,
    by_seconds,
    by_text,
    get,
    number,
    plate_of,
    ratio,
    text,
)

_WAYS = {"in": "in", "out": "out"}


def understand(body: Body) -> Understood:
    """The car of an event.

    Raises:
        BadBodyError: it has no ``plateText``.
    """
    tree = body.json()
    written = next(
        (tree[key] for key in ("plateUTF8", "plateUnicode", "plateText") if tree.get(key)), None
    )
    if written is None and "plateText" not in tree and "carState" not in tree:
        raise BadBodyError("no plateText")
    plate, raw = plate_of(written)
    camera = text(get(tree, "sensorProviderID")) or text(get(tree, "camera_info"))
    car = text(get(tree, "carID"))
    moment = get(tree, "capture_timestamp") or get(tree, "datetime")
    parts = (camera, car, text(get(tree, "carState")), text(get(tree, "packetCounter")))
    read = VendorRead(
        vendor_id="-".join((*parts, text(moment))),
        plate=plate,
        raw_plate=raw,
        confidence=_ratio(get(tree, "plateConfidence")),
        way=_WAYS.get(text(get(tree, "carMoveDirection")).lower()),
        taken_at=by_text(moment) or by_seconds(moment),
        camera=camera,
        car=f"{camera}-{car}" if car else "",
    )
    return Understood((read,))


def _ratio(value: object) -> float:
    """Of 1 in some releases, of 100 in others."""
    return ratio(value, most=1 if (number(value) or 0) <= 1 else 100)
