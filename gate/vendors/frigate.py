"""Frigate: plates of tracked objects, each of which it reads again and again. Pure."""

from gate.vendors.body import BadBodyError, Body, Tree
from gate.vendors.read import Understood, VendorRead, by_seconds, get, plate_of, ratio, text


def understand(body: Body) -> Understood:
    """The car of a ``tracked_object_update`` or of an event.

    Raises:
        BadBodyError: it is neither.
    """
    if body.data.strip() in (b"online", b"offline", b"stopped"):
        return Understood(is_heartbeat=True)
    tree = body.json()
    kind, after = text(get(tree, "type")), get(tree, "after")
    if isinstance(after, dict):
        plate = get(after, "recognized_license_plate")
        score = get(after, "recognized_license_plate_score")
        if isinstance(plate, list):  # [text, score], as its own interface has it
            plate, score = [*plate, None, None][:2]
        return _car(after, plate, score, f"{kind}-{text(get(after, 'frame_time'))}")
    if kind == "lpr":
        return _car(tree, get(tree, "plate"), get(tree, "score"), "lpr")
    if kind:
        return Understood()  # a face, a description
    raise BadBodyError("no object of Frigate")


def _car(seen: Tree, written: object, score: object, which: str) -> Understood:
    plate, raw = plate_of(written)
    if not plate:
        return Understood()  # most events come before anything is read
    name, moment = text(get(seen, "id")), get(seen, "timestamp") or get(seen, "frame_time")
    read = VendorRead(
        vendor_id=f"{name}-{which}-{text(moment)}",
        plate=plate,
        raw_plate=raw,
        confidence=ratio(score),
        taken_at=by_seconds(moment),
        camera=text(get(seen, "camera")),
        car=name,
    )
    return Understood((read,))
