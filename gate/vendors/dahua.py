"""Dahua ITSAPI: up to three results a pass, pictures later, retries. Pure."""

from gate.vendors.body import BadBodyError, Body
from gate.vendors.read import UNKNOWN, Understood, VendorRead, by_text, get, plate_of, ratio, text

_COLOURS = {
    "blue": "blue",
    "yellow": "yellow",
    "white": "white",
    "black": "black",
    "green": "green",
    "shadowgreen": "green",
    "gradientgreen": "green",
    "yellowgreen": "yellow_green",
}
_WAYS = {"obverse": "towards", "approach": "towards", "reverse": "away", "leave": "away"}


def understand(body: Body) -> Understood:
    """The car of a ``TollgateInfo``; pictures that come without a plate say nothing.

    Raises:
        BadBodyError: it is neither that nor a ``KeepAlive``.
    """
    tree = body.json()
    if body.path.endswith("/KeepAlive") or "Active" in tree:
        return Understood(is_heartbeat=True)
    picture = get(tree, "Picture")
    if not isinstance(picture, dict):
        raise BadBodyError("no Picture")
    found, snap = get(picture, "Plate"), get(picture, "SnapInfo")
    if not isinstance(found, dict):
        return Understood()
    plate, raw = plate_of(get(found, "PlateNumber"))
    if get(found, "IsExist") in (False, 0, "false", "0"):
        plate = ""
    camera, moment = text(get(snap, "DeviceID")), text(get(snap, "AccurateTime"))
    colour = text(get(found, "PlateColor")).replace(" ", "").lower()
    read = VendorRead(
        vendor_id=f"{camera}-{moment or text(get(found, 'UploadNum'))}",
        plate=plate,
        raw_plate=raw,
        confidence=ratio(get(found, "Confidence"), most=100),
        colour=_COLOURS.get(colour, UNKNOWN),
        way=_WAYS.get(text(get(snap, "Direction")).lower()),
        taken_at=by_text(moment),
        camera=camera,
    )
    return Understood((read,))
