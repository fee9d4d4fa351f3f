"""Bodies as the vendors' cameras post them, all of them invented: here with the usual values."""

import base64
import json
from typing import Any

from gate.vendors.body import Body

JPEG = b"\xff\xd8\xff\xe0" + b"\x00face\xff\x01" * 400 + b"\xff\xd9"
PICTURE = base64.b64encode(JPEG).decode()
AT_S = 1_795_395_725
"""2026-11-23 01:02:05 UTC."""
BOUNDARY = "MIME_boundary"


def posted(path: str, tree: object, *, coding: str = "utf-8", kind: str = "") -> Body:
    return Body(json.dumps(tree, ensure_ascii=False).encode(coding), path, kind)


def form(path: str, *parts: tuple[str, str, bytes]) -> Body:
    """A multipart body of name, type and data of each part."""
    pieces = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
        f"Content-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n".encode()
        + data
        for name, kind, data in parts
    ]
    whole = b"\r\n".join([*pieces, f"--{BOUNDARY}--\r\n".encode()])
    return Body(whole, path, f"multipart/form-data; boundary={BOUNDARY}")


def zhenshi(plate: str = "浙A12345", number: int = 17, **changes: Any) -> dict[str, Any]:
    result = {
        "license": plate,
        "confidence": 97,
        "colorType": 1,
        "type": 1,
        "direction": 4,
        "triggerType": 1,
        "plateid": number,
        "isoffline": 0,
        "is_fake_plate": 0,
        "timeStamp": {"Timeval": {"sec": AT_S, "usec": 120_000}},
        "location": {"RECT": {"left": 680, "top": 500, "right": 860, "bottom": 560}},
        "imageFile": PICTURE,
        "imageFragmentFile": PICTURE,
    }
    alarm = {"channel": 0, "deviceName": "gate", "ipaddr": "192.0.2.20", "serialno": "c0ffee-01"}
    return {"AlarmInfoPlate": {**alarm, "result": {"PlateResult": result | changes}}}


def hikvision(plate: str = "浙A12345", uuid: str = "u-1", **changes: str) -> bytes:
    said = {
        "confidenceLevel": "97",
        "plateColor": "blue",
        "direction": "forward",
        "plateCharBelieve": "99,99,98,99,97,99,99",
        "originalLicensePlate": plate,
    } | {key: value for key, value in changes.items() if key != "isDataRetransmission"}
    inner = "".join(f"<{key}>{value}</{key}>" for key, value in said.items())
    again = changes.get("isDataRetransmission", "false")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<EventNotificationAlert version="2.0" xmlns="http://www.example.org/ver20/XMLSchema">'
        "<ipAddress>192.0.2.21</ipAddress><macAddress>02:00:00:00:00:21</macAddress>"
        "<channelID>1</channelID><dateTime>2026-11-23T09:02:05+08:00</dateTime>"
        "<eventType>ANPR</eventType><eventState>active</eventState>"
        f"<ANPR><licensePlate>{plate}</licensePlate>{inner}"
        "<vehicleInfo><color>white</color></vehicleInfo></ANPR>"
        f"<UUID>{uuid}</UUID><isDataRetransmission>{again}</isDataRetransmission>"
        "</EventNotificationAlert>"
    ).encode()


def hikvision_form(xml: bytes, *, picture_type: str = "image/jpeg") -> Body:
    pictures = ("licensePlatePicture.jpg", "vehiclePicture.jpg")
    parts = [(name, picture_type, JPEG) for name in pictures]
    return form("/in/hikvision", ("anpr.xml", "text/xml", xml), *parts)


def dahua(plate: str = "浙A12345", at: str = "2026-11-23 09:02:05.120", **changes: Any) -> Any:
    found = {
        "PlateNumber": plate,
        "PlateColor": "Blue",
        "PlateType": "Small",
        "Confidence": 96,
        "IsExist": True,
        "BoundingBox": [680, 500, 860, 560],
        "UploadNum": 1,
    } | changes
    snap = {"AccurateTime": at, "DeviceID": "dh-01", "Direction": "Obverse", "AllowUser": False}
    pictures = {"NormalPic": {"Content": PICTURE}, "CutoutPic": {"Content": PICTURE}}
    return {"Picture": {"Plate": found, "SnapInfo": snap, **pictures}}


TOLLGATE = "/NotificationInfo/TollgateInfo"


def frigate(
    plate: str | None = "浙A12345", name: str = "1795395725.12-car01", **changes: Any
) -> Any:
    seen = {"type": "lpr", "id": name, "name": None, "plate": plate, "score": 0.95}
    return seen | {"camera": "gate", "timestamp": AT_S + 0.12} | changes


def frigate_event(
    plate: str | None,
    kind: str = "update",
    name: str = "1795395725.12-car01",
    at_s: float = AT_S + 1.5,
) -> Any:
    after = {"id": name, "camera": "gate", "label": "car", "frame_time": at_s}
    read = {"recognized_license_plate": plate, "recognized_license_plate_score": 0.96}
    return {"type": kind, "before": after, "after": after | read}


def platerecognizer(*plates: tuple[str, float], picture: str = "shot-1.jpg") -> Any:
    results = [
        {"plate": plate, "score": score, "candidates": [{"plate": plate, "score": score}]}
        for plate, score in plates
    ]
    data = {"camera_id": "gate", "filename": picture, "timestamp": "2026-11-23T01:02:05.120000Z"}
    return {"hook": {"event": "recognition"}, "data": data | {"results": results}}


def openalpr(plate: str = "浙A12345", uuid: str = "agent-1-uuid", **changes: Any) -> Any:
    group = {
        "data_type": "alpr_group",
        "version": 2,
        "camera_id": 7,
        "epoch_start": AT_S * 1000,
        "epoch_end": AT_S * 1000 + 900,
        "best_plate": {"plate": plate, "confidence": 95.5},
        "candidates": [
            {"plate": plate, "confidence": 95.5},
            {"plate": "浙A12346", "confidence": 80},
        ],
        "uuids": [uuid, "agent-1-second"],
        "best_uuid": uuid,
        "travel_direction": 182.4,
    }
    return group | changes


def axis(plate: str = "浙A12345", car: int = 5, **changes: Any) -> Any:
    seen = {
        "sensorProviderID": "axis-01",
        "plateText": plate,
        "plateConfidence": 0.97,
        "carState": "new",
        "carMoveDirection": "in",
        "carID": car,
        "packetCounter": 1,
        "datetime": "20261123 090205120",
        "ImageArray": [{"ImageType": "plate", "BinaryImage": PICTURE}],
    }
    return seen | changes
