"""臻识 (Vzenith): HTTP push and MQTT. Pure.

``plateid`` counts anew after a restart of the camera, so a result is known by it and its moment.
"""

import base64

from gate.vendors.body import BadBodyError, Body, Tree
from gate.vendors.read import (
    UNKNOWN,
    Understood,
    VendorRead,
    by_seconds,
    get,
    number,
    plate_of,
    plates_of,
    ratio,
    text,
)
from gate.vendors.spoken import Greeting, display_frame, in_gbk

_COLOURS = {1: "blue", 2: "yellow", 3: "white", 4: "black", 5: "green", 6: "yellow_green"}
_WAYS = {1: "left", 2: "right", 3: "up", 4: "down"}
_TURNED_BACK = 66
_LANE_TURNED_BACK = 84
_DISPLAY_PORT = 0
_LOUDEST, _FEMALE = 100, 1
_SIGNS_OF_LIFE = ("keep_alive", "heartbeat", "Heartbeat", "serial_data")


def understand(body: Body) -> Understood:
    """The car of a result; a heartbeat comes as a form.

    Raises:
        BadBodyError: it is neither.
    """
    if _is_form(body):
        return Understood(is_heartbeat=True)
    tree = body.json()
    inner = get(tree, "payload") if isinstance(get(tree, "payload"), dict) else tree
    alarm = get(inner, "AlarmInfoPlate")
    if isinstance(alarm, dict):
        return Understood((_read(alarm, text(get(tree, "sn"))),))
    if body.path.endswith("/lanectrl_result"):
        return Understood(_turned_back(tree, inner))
    if body.path.endswith(_SIGNS_OF_LIFE) or any(key in tree for key in _SIGNS_OF_LIFE):
        return Understood(is_heartbeat=True)
    raise BadBodyError("no AlarmInfoPlate")


def resumed_after(body: Body) -> int | None:
    """The ``plateid`` of a record that the camera had kept: it sends the next one when told so."""
    result = get(body.json(), "AlarmInfoPlate", "result", "PlateResult")
    plate_id = number(get(result, "plateid"))
    return int(plate_id) if plate_id is not None and _is_set(get(result, "isoffline")) else None


def said_to_the_car(greeting: Greeting) -> Tree:
    """The part of an answer that makes the camera speak and its display show a sentence."""
    said: Tree = {}
    if greeting.text and greeting.is_spoken:
        said["playserver_json_request"] = {
            "type": "ps_voice_play",
            "voice": base64.b64encode(in_gbk(greeting.text)).decode(),
            "voice_interval": 0,
            "voice_volume": _LOUDEST,
            "voice_male": _FEMALE,
        }
    if greeting.text and greeting.is_shown:
        frame = display_frame(greeting.text)
        shown = {"serialChannel": _DISPLAY_PORT, "data": base64.b64encode(frame).decode()}
        said["serialData"] = [shown | {"dataLen": len(frame)}]
    return said


def _read(alarm: Tree, sn: str) -> VendorRead:
    result = get(alarm, "result", "PlateResult")
    camera = text(get(alarm, "serialno")) or sn or text(get(alarm, "ipaddr"))
    plate, raw = plate_of(get(result, "license"))
    moment = get(result, "timeStamp", "Timeval")
    seconds, micros = get(moment, "sec"), get(moment, "usec")
    plate_id = text(get(result, "plateid"))
    confidence = ratio(get(result, "confidence"), most=100)
    return VendorRead(
        vendor_id=f"{camera}-{plate_id}-{text(seconds)}.{text(micros)}",
        plate=plate,
        raw_plate=raw,
        confidence=confidence,
        candidates=plates_of(get(result, "plates"), "license"),
        colour=_COLOURS.get(_whole(get(result, "colorType")), UNKNOWN),
        way=_WAYS.get(_whole(get(result, "direction"))),
        taken_at=by_seconds(seconds, micros),
        camera=camera,
        car=f"{camera}-{plate_id}-{text(seconds)}" if plate_id else "",
        is_late=_is_set(get(result, "isoffline")),
        is_doubtful=_is_set(get(result, "is_fake_plate")),
        has_turned_back=_whole(get(result, "triggerType")) == _TURNED_BACK,
    )


def _turned_back(tree: Tree, inner: Tree) -> tuple[VendorRead, ...]:
    """A car that the lane control saw turn back."""
    plate, raw = plate_of(get(inner, "license") or get(inner, "plate"))
    if _whole(get(inner, "event")) != _LANE_TURNED_BACK or not plate:
        return ()
    camera, moment = text(get(tree, "sn")), text(get(tree, "timestamp"))
    name = f"{camera}-back-{moment}"
    read = VendorRead(
        vendor_id=name,
        plate=plate,
        raw_plate=raw,
        confidence=1.0,
        camera=camera,
        taken_at=by_seconds(moment),
        has_turned_back=True,
    )
    return (read,)


def _is_form(body: Body) -> bool:
    has_json = any(part.data.lstrip().startswith(b"{") for part in body.parts())
    is_fields = "urlencoded" in body.content_type and not body.data.lstrip().startswith(b"{")
    return (body.is_multipart and not has_json) or is_fields


def _whole(value: object) -> int:
    return int(number(value) or 0)


def _is_set(value: object) -> bool:
    return value is True or _whole(value) == 1 or text(value).lower() == "true"
