"""What each vendor's cameras post, what becomes of each result, and what the hub is told."""

import base64
import json
from typing import Any

from gate.vendors.body import Body
from tests.gate.intake import bodies
from tests.gate.intake.bodies import (
    TOLLGATE,
    axis,
    dahua,
    form,
    frigate,
    frigate_event,
    hikvision,
    hikvision_form,
    openalpr,
    platerecognizer,
    posted,
    zhenshi,
)


def as_json(source: str, *trees: object) -> list[Body]:
    return [posted(f"/in/{source}", tree, kind="application/json") for tree in trees]


def as_tollgate(*trees: object) -> list[Body]:
    return [posted(TOLLGATE, tree, kind="application/json") for tree in trees]


def as_hikvision(*documents: bytes) -> list[Body]:
    return [hikvision_form(document) for document in documents]


def envelope(name: str, plate: str = "浙A12345", **changes: Any) -> dict[str, object]:
    """A message of 臻识 over MQTT: the plate is in base64."""
    written = base64.b64encode(plate.encode()).decode()
    return {"sn": "c0ffee-01", "name": name, "payload": zhenshi(written, **changes)}


def as_upload(tree: object) -> Body:
    said = json.dumps(tree, ensure_ascii=False).encode()
    parts = ("json", "application/json", said), ("upload", "image/jpeg", bodies.JPEG)
    return form("/in/platerecognizer", *parts)


PREFIXED = (
    hikvision().replace(b"xmlns=", b"xmlns:h=").replace(b"<", b"<h:").replace(b"<h:/", b"</h:")
)
PREFIXED = PREFIXED.replace(b"<h:?xml", b"<?xml")
GBK = hikvision().replace(b"UTF-8", b"GB2312").decode().encode("gbk")
DTD = hikvision().replace(b"?>\n", b'?>\n<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hosts">]>')
BARE_DAHUA = {"Picture": {"SnapInfo": {"DeviceID": "dh-01"}, "NormalPic": {"Content": "AAAA"}}}
IN_BASE64 = base64.b64encode("浙A12345".encode("gbk")).decode()
BACK: dict[str, Any] = {
    "triggerType": 66,
    "timeStamp": {"Timeval": {"sec": bodies.AT_S + 40, "usec": 0}},
}
OLD: dict[str, Any] = {
    "isoffline": 1,
    "timeStamp": {"Timeval": {"sec": bodies.AT_S - 7200, "usec": 0}},
}
ONE, TOLD = ["+浙A12345"], ["told"]

CASES: dict[str, dict[str, tuple[list[Body], list[str], list[str]]]] = {
    "zhenshi": {
        "a car": (as_json("zhenshi", zhenshi()), TOLD, ONE),
        "no plate": (as_json("zhenshi", zhenshi("_无_")), ["no_plate"], []),
        "sent again": (as_json("zhenshi", zhenshi(), zhenshi()), ["told", "sent_again"], ONE),
        "the same count after a restart of the camera": (
            as_json("zhenshi", zhenshi(), zhenshi("浙B12345", timeStamp={"Timeval": {"sec": 9}})),
            ["told", "told"],
            ["+浙A12345", "+浙B12345"],
        ),
        "the second result of one pass": (
            as_json("zhenshi", zhenshi(), zhenshi(number=18)),
            ["told", "same_car"],
            ONE,
        ),
        "kept while we were away": (as_json("zhenshi", zhenshi(**OLD)), TOLD, ONE),
        "a picture of a plate": (
            as_json("zhenshi", zhenshi(is_fake_plate=1)),
            TOLD,
            ["+浙A12345?"],
        ),
        "it drives away": (as_json("zhenshi", zhenshi(direction=3)), TOLD, ["-浙A12345"]),
        "turned back": (
            as_json("zhenshi", zhenshi(), zhenshi(number=19, **BACK)),
            ["told", "told"],
            ["+浙A12345", "-浙A12345"],
        ),
        "turned back before it was seen": (as_json("zhenshi", zhenshi(**BACK)), ["no_car"], []),
        "unsure": (as_json("zhenshi", zhenshi(confidence=61)), TOLD, ["+浙A12345?"]),
        "unsure, then sure": (
            as_json("zhenshi", zhenshi("浙A1Z345", confidence=61), zhenshi(number=18)),
            ["told", "corrects"],
            ["+浙A1Z345?", "=浙A12345"],
        ),
        "numbers as text": (
            as_json("zhenshi", zhenshi(confidence="97", colorType="1", plateid="17")),
            TOLD,
            ONE,
        ),
        "in base64 and GBK": (as_json("zhenshi", zhenshi(IN_BASE64)), TOLD, ONE),
        "GBK, said to be a form": (
            [
                posted(
                    "/in/zhenshi", zhenshi(), coding="gbk", kind="application/x-www-form-urlencoded"
                )
            ],
            TOLD,
            ONE,
        ),
        "heartbeat": ([form("/in/zhenshi", ("pass_wd", "text/plain", b"hunter2"))], [], []),
        "cut off": ([Body(posted("", zhenshi()).data[:300])], ["not_understood"], []),
        "not its own": (as_json("zhenshi", {"hello": [1]}), ["not_understood"], []),
    },
    "zhenshi-mqtt": {
        "a quick and a whole result": (
            as_json("zhenshi-mqtt", envelope("quick_ivs_result"), envelope("ivs_result")),
            ["told", "sent_again"],
            ONE,
        ),
        "no plate": (as_json("zhenshi-mqtt", envelope("ivs_result", "_无_")), ["no_plate"], []),
        "kept while we were away": (
            as_json("zhenshi-mqtt", envelope("ivs_result", **OLD)),
            TOLD,
            ONE,
        ),
        "an older release: the plate as it is": (
            as_json("zhenshi-mqtt", {"sn": "c0", "payload": zhenshi()}),
            TOLD,
            ONE,
        ),
        "alive": ([posted("/c0/device/message/up/keep_alive", {"sn": "c0"})], [], []),
        "a picture, of which nothing follows": (
            [posted("/c0/device/message/up/snapshot", {"sn": "c0", "payload": {}})],
            ["not_understood"],
            [],
        ),
        "broken": ([Body(b"c0", "/c0/device/message/up/ivs_result")], ["not_understood"], []),
    },
    "hikvision": {
        "a car": (as_hikvision(hikvision()), TOLD, ONE),
        "no plate": (as_hikvision(hikvision("unknown")), ["no_plate"], []),
        "sent again": (as_hikvision(hikvision(), hikvision()), ["told", "sent_again"], ONE),
        "it retransmits": (as_hikvision(hikvision(isDataRetransmission="true")), TOLD, ONE),
        "it leaves": (as_hikvision(hikvision(direction="reverse")), TOLD, ["-浙A12345"]),
        "one weak character": (
            as_hikvision(hikvision(plateCharBelieve="99,99,98,50,97,99,99")),
            TOLD,
            ["+浙A12345?"],
        ),
        "no characters, a broken number": (
            as_hikvision(hikvision(plateCharBelieve="", confidenceLevel="97.5")),
            TOLD,
            ONE,
        ),
        "prefixed names": (as_hikvision(PREFIXED), TOLD, ONE),
        "GBK": (as_hikvision(GBK), TOLD, ONE),
        "pictures without a type": (
            [hikvision_form(hikvision(), picture_type="application/octet-stream")],
            TOLD,
            ONE,
        ),
        "XML alone, on its own path": ([Body(hikvision(), "/", "application/xml")], TOLD, ONE),
        "another event": (
            as_hikvision(
                b"<EventNotificationAlert><eventType>videoloss</eventType></EventNotificationAlert>"
            ),
            [],
            [],
        ),
        "a document type": (as_hikvision(DTD), ["not_understood"], []),
        "cut off": (as_hikvision(hikvision()[:200]), ["not_understood"], []),
    },
    "dahua": {
        "a car": (as_tollgate(dahua()), TOLD, ONE),
        "no plate": (as_tollgate(dahua("", IsExist=False)), ["no_plate"], []),
        "sent again": (as_tollgate(dahua(), dahua()), ["told", "sent_again"], ONE),
        "three results a pass": (
            as_tollgate(
                dahua(at="2026-11-23 09:02:05.100", Confidence=60),
                dahua("浙A1234S", at="2026-11-23 09:02:05.300", Confidence=50),
                dahua(at="2026-11-23 09:02:05.500", Confidence=70),
            ),
            ["waits", "waits", "told"],
            ONE,
        ),
        "counts to 255": (as_tollgate(dahua(Confidence=204)), ["waits"], ["+浙A12345?"]),
        "a picture that comes late": (as_tollgate(dahua(), BARE_DAHUA), TOLD, ONE),
        "alive": ([posted("/NotificationInfo/KeepAlive", {"Active": "keepAlive"})], [], []),
        "plates in Latin": (as_tollgate(dahua("ABC1234")), ["waits"], ["+ABC1234?"]),
        "broken": ([Body(b"{]", TOLLGATE)], ["not_understood"], []),
    },
    "frigate": {
        "a car": (as_json("frigate", frigate()), TOLD, ONE),
        "no plate yet": (as_json("frigate", frigate_event(None, "new")), [], []),
        "sent again": (as_json("frigate", frigate(), frigate()), ["told", "sent_again"], ONE),
        "one object, many updates": (
            as_json(
                "frigate", frigate(), frigate(timestamp=bodies.AT_S + 2), frigate_event("浙A12345")
            ),
            ["told", "same_car", "same_car"],
            ONE,
        ),
        "weak updates agree": (
            as_json("frigate", frigate(score=0.7), frigate(score=0.7, timestamp=bodies.AT_S + 1)),
            ["waits", "told"],
            ONE,
        ),
        "one object, misread at first": (
            as_json(
                "frigate",
                frigate("浙A1Z345", score=0.91),
                *(frigate(score=0.97, timestamp=bodies.AT_S + more) for more in (1, 2)),
            ),
            ["told", "same_car", "corrects"],
            ["+浙A1Z345", "=浙A12345"],
        ),
        "available": ([Body(b"online", "/in/frigate")], [], []),
        "a list of text and score": (
            as_json(
                "frigate",
                {
                    "type": "end",
                    "after": {"id": "x", "recognized_license_plate": ["浙A12345", 0.93]},
                },
            ),
            TOLD,
            ONE,
        ),
        "a face": (as_json("frigate", {"type": "face", "id": "x", "name": "?"}), [], []),
        "broken": ([Body(b"\xff\x00", "/in/frigate")], ["not_understood"], []),
    },
    "platerecognizer": {
        "a car": ([as_upload(platerecognizer(("浙a12345", 0.95)))], TOLD, ONE),
        "no plate": ([as_upload(platerecognizer())], [], []),
        "sent again": (
            [as_upload(platerecognizer(("浙a12345", 0.95)))] * 2,
            ["told", "sent_again"],
            ONE,
        ),
        "two cars in one picture": (
            [as_upload(platerecognizer(("浙a12345", 0.95), ("浙b67890", 0.96)))],
            ["told", "told"],
            ["+浙A12345", "+浙B67890"],
        ),
        "JSON alone": (as_json("platerecognizer", platerecognizer(("浙a12345", 0.95))), TOLD, ONE),
        "the newer form": (
            as_json(
                "platerecognizer",
                {
                    "data": {
                        "results": [
                            {"plate": {"props": {"plate": [{"value": "浙a12345", "score": 0.97}]}}}
                        ]
                    }
                },
            ),
            TOLD,
            ONE,
        ),
        "broken": (as_json("platerecognizer", {"data": {"results": 3}}), ["not_understood"], []),
    },
    "openalpr": {
        "a car": (as_json("openalpr", openalpr()), TOLD, ONE),
        "no plate": (as_json("openalpr", openalpr("")), ["no_plate"], []),
        "sent again": (as_json("openalpr", openalpr(), openalpr()), ["told", "sent_again"], ONE),
        "alive": (as_json("openalpr", {"data_type": "heartbeat"}), [], []),
        "the older form": (
            as_json("openalpr", openalpr(best_plate="浙A12345", best_confidence=94.1)),
            TOLD,
            ONE,
        ),
        "single pictures": (
            as_json("openalpr", {"data_type": "alpr_results", "results": []}),
            [],
            [],
        ),
        "broken": (as_json("openalpr", {"best_plate": 5}), ["not_understood"], []),
    },
    "axis": {
        "a car": (as_json("axis", axis()), TOLD, ONE),
        "no plate": (as_json("axis", axis("")), ["no_plate"], []),
        "sent again": (as_json("axis", axis(), axis()), ["told", "sent_again"], ONE),
        "new, then lost": (
            as_json("axis", axis(), axis(carState="lost")),
            ["told", "same_car"],
            ONE,
        ),
        "out": (as_json("axis", axis(carMoveDirection="out")), TOLD, ["-浙A12345"]),
        "of a hundred": (as_json("axis", axis(plateConfidence=97)), TOLD, ONE),
        "broken": (as_json("axis", ["plateText"]), ["not_understood"], []),
    },
}
