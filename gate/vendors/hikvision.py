"""Hikvision ISAPI: what a camera posts to a listening host, or says on its alert stream. Pure."""

from gate.vendors.body import BadBodyError, Body
from gate.vendors.read import UNKNOWN, Understood, VendorRead, by_text, plate_of, ratio

_COLOURS = {
    "blue": "blue",
    "yellow": "yellow",
    "white": "white",
    "black": "black",
    "green": "green",
    "newEnergyGreen": "green",
    "newEnergyYellowGreen": "yellow_green",
    "yellowGreen": "yellow_green",
}
_WAYS = {"forward": "towards", "reverse": "away"}


def understand(body: Body) -> Understood:
    """The car of an ``ANPR`` event; any other event is a sign of life.

    Raises:
        BadBodyError: it is no event.
    """
    said = body.xml()
    kind = said.get("eventType", "")
    if "licensePlate" not in said:
        if kind:
            return Understood(is_heartbeat=True)
        raise BadBodyError("no event of Hikvision")
    plate, raw = plate_of(said["licensePlate"])
    original = plate_of(said.get("originalLicensePlate"))[0]
    moment = said.get("absTime") or said.get("dateTime", "")
    camera = said.get("macAddress") or said.get("ipAddress", "")
    name = said.get("UUID") or said.get("pId") or f"{camera}-{moment}"
    characters = _characters(said.get("plateCharBelieve", ""), plate)
    stated = ratio(said.get("confidenceLevel"), most=100)
    read = VendorRead(
        vendor_id=name[:120],
        plate=plate,
        raw_plate=raw,
        confidence=min(characters) if characters else stated,
        characters=characters,
        candidates=(original,) if original not in ("", plate) else (),
        colour=_COLOURS.get(said.get("plateColor", ""), UNKNOWN),
        way=_WAYS.get(said.get("direction", "")),
        taken_at=by_text(said.get("dateTime")) or by_text(said.get("absTime")),
        camera=f"{camera} {said.get('channelID', '')}".strip()[:64],
        is_late=said.get("isDataRetransmission", "").lower() in ("true", "1"),
    )
    return Understood((read,))


def _characters(stated: str, plate: str) -> tuple[float, ...]:
    """How sure each character is; empty where that does not fit the plate."""
    found = tuple(ratio(each, most=100) for each in stated.split(",")) if stated else ()
    return found if len(found) == len(plate) and all(found) else ()
