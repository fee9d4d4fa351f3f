"""A car of now and one of two hours ago, as each vendor's camera sends them when it can again."""

from gate.vendors.body import Body
from tests.gate.intake.bodies import (
    AT_S,
    axis,
    dahua,
    frigate,
    hikvision,
    openalpr,
    platerecognizer,
    zhenshi,
)
from tests.gate.intake.stream_cases import as_stream
from tests.gate.intake.vendor_cases import OLD, as_hikvision, as_json, as_tollgate, envelope

NOW, THEN = "浙A12345", "浙B60007"
THEN_S = AT_S - 7200
_KEPT = hikvision(THEN, "u-2", isDataRetransmission="true")
_OLD_PICTURE = platerecognizer((THEN, 0.95), picture="shot-0.jpg")
_OLD_PICTURE["data"]["timestamp"] = "2026-11-22T23:02:05.120000Z"

KEPT: dict[str, list[Body]] = {
    "zhenshi": as_json("zhenshi", zhenshi(), zhenshi(THEN, 3, **OLD)),
    "zhenshi-mqtt": as_json(
        "zhenshi-mqtt", envelope("ivs_result"), envelope("ivs_result", THEN, plateid=3, **OLD)
    ),
    "hikvision": as_hikvision(hikvision(), _KEPT),
    "hikvision-stream": as_stream(hikvision(), _KEPT),
    "dahua": as_tollgate(dahua(), dahua(THEN, at="2026-11-23 07:02:05.120")),
    "frigate": as_json("frigate", frigate(), frigate(THEN, "old-car", timestamp=THEN_S)),
    "platerecognizer": as_json("platerecognizer", platerecognizer((NOW, 0.95)), _OLD_PICTURE),
    "openalpr": as_json("openalpr", openalpr(), openalpr(THEN, "u-0", epoch_start=THEN_S * 1000)),
    "axis": as_json("axis", axis(), axis(THEN, 4, datetime="20261123 070205120")),
}
