"""Whose cameras we take, one row each: how a body is understood, and what is answered. Pure.

No answer of ours opens a barrier.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from gate.vendors import axis, dahua, frigate, hikvision, openalpr, platerecognizer, zhenshi
from gate.vendors.body import BadBodyError, Body
from gate.vendors.read import Understood
from gate.vendors.spoken import Greeting


def _nothing(_body: Body, _greeting: Greeting) -> bytes:
    """An empty answer, which every camera takes for «received»."""
    return b""


def _zhenshi(body: Body, greeting: Greeting) -> bytes:
    """«ok» would open the barrier; without «retransfer_stop» one family sends again for ever."""
    said: dict[str, object] = {"info": "no", "content": "retransfer_stop"}
    try:
        plate_id = zhenshi.resumed_after(body)
    except BadBodyError:
        plate_id = None
    if plate_id is not None:
        said["ContinuePushOffline"] = {"plateid": plate_id, "continue": 1}
    said |= zhenshi.said_to_the_car(greeting)
    return msgspec.json.encode({"Response_AlarmInfoPlate": said})


@dataclass(frozen=True, slots=True)
class Adapter:
    """One vendor's cameras."""

    understand: Callable[[Body], Understood]
    """Raises `BadBodyError` for what it does not understand."""
    answer: Callable[[Body, Greeting], bytes] = _nothing
    greets: bool = False
    """Whether its answer may have words for the camera's voice and display."""
    paths: tuple[str, ...] = ()
    """Where its cameras post besides ``/in/{source}``, if they know only that."""
    topics: tuple[str, ...] = ()
    """What its cameras say on an MQTT server; empty: they only post."""
    stream: str = ""
    """Where its camera is asked for what it sees; empty: it comes by itself."""
    settle_s: float = 0.0
    """How long an uncertain car may wait for another result; 0: its cameras send one a car."""


ADAPTERS: Mapping[str, Adapter] = {
    "zhenshi": Adapter(zhenshi.understand, _zhenshi, greets=True),
    "hikvision": Adapter(hikvision.understand, paths=("/", "/ISAPI/Event/notification")),
    "hikvision-stream": Adapter(
        hikvision.understand, stream="/ISAPI/Event/notification/alertStream"
    ),
    "dahua": Adapter(
        dahua.understand,
        paths=("/NotificationInfo/TollgateInfo", "/NotificationInfo/KeepAlive"),
        settle_s=1.0,
    ),
    "zhenshi-mqtt": Adapter(zhenshi.understand, topics=("+/device/message/up/+",)),
    "frigate": Adapter(
        frigate.understand,
        topics=("frigate/tracked_object_update", "frigate/events", "frigate/available"),
        settle_s=2.0,
    ),
    "platerecognizer": Adapter(platerecognizer.understand, settle_s=1.0),
    "openalpr": Adapter(openalpr.understand),
    "axis": Adapter(axis.understand, settle_s=1.0),
}
