"""OpenALPR and Rekor: groups of results, one a car. Pure."""

from gate.vendors.body import BadBodyError, Body
from gate.vendors.read import (
    Understood,
    VendorRead,
    by_seconds,
    get,
    plate_of,
    plates_of,
    ratio,
    text,
)


def understand(body: Body) -> Understood:
    """The car of an ``alpr_group``.

    Raises:
        BadBodyError: it is nothing of OpenALPR.
    """
    tree = body.json()
    kind = text(get(tree, "data_type"))
    group = get(tree, "group") if isinstance(get(tree, "group"), dict) else tree
    if kind == "heartbeat":
        return Understood(is_heartbeat=True)
    best = get(group, "best_plate")
    if isinstance(best, str):  # version 1 of the group
        best = {"plate": best, "confidence": get(group, "best_confidence")}
    if not isinstance(best, dict):
        if kind:
            return Understood()  # single pictures, of which the group tells
        raise BadBodyError("no best_plate")
    plate, raw = plate_of(get(best, "plate"))
    uuids, camera = get(group, "uuids"), text(get(group, "camera_id"))
    first = text(uuids[0]) if isinstance(uuids, list) and uuids else ""
    began = get(group, "epoch_start")
    name = text(get(group, "best_uuid")) or first or text(began)
    candidates = plates_of(get(group, "candidates"), "plate")
    read = VendorRead(
        vendor_id=f"{camera}-{name}",
        plate=plate,
        raw_plate=raw,
        confidence=ratio(get(best, "confidence"), most=100),
        candidates=tuple(other for other in candidates if other != plate),
        taken_at=by_seconds(began),
        camera=camera,
    )
    return Understood((read,))
