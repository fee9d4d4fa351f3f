"""What an answer to a camera may hold; anything else might move a barrier or name somebody."""

import base64
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from gate.vendors.spoken import TEXT_FOR_A_MOMENT

ALLOWED = {"info", "content", "ContinuePushOffline", "playserver_json_request", "serialData"}
VOICE = {"type", "voice", "voice_interval", "voice_volume", "voice_male"}


def sentences(answer: bytes) -> list[str]:
    """What the camera says and its display shows."""
    said: Any = msgspec.json.decode(answer)["Response_AlarmInfoPlate"] if answer else {}
    spoken = [said["playserver_json_request"]["voice"]] if "playserver_json_request" in said else []
    shown = [_frame(each)[25:-2] for each in said.get("serialData", ())]
    return [text.decode("gbk") for text in (*map(base64.b64decode, spoken), *shown)]


def wrong_in(answer: bytes, plates: Iterable[str] = ()) -> list[str]:
    """What of an answer must not be: any field or command but those that only speak and show."""
    if not answer:
        return []
    return list(_wrong(msgspec.json.decode(answer), sentences(answer), plates))


def _wrong(whole: Any, said: list[str], plates: Iterable[str]) -> Iterator[str]:
    inner = whole["Response_AlarmInfoPlate"]
    if set(whole) != {"Response_AlarmInfoPlate"} or not set(inner) <= ALLOWED:
        yield f"answers with {sorted(inner)}"
    if (inner["info"], inner["content"]) != ("no", "retransfer_stop"):
        yield f"answers {inner['info']}"
    voice = inner.get("playserver_json_request", {"type": "ps_voice_play"})
    if voice["type"] != "ps_voice_play" or not set(voice) <= VOICE:
        yield f"asks the camera for {voice}"
    for each in inner.get("serialData", ()):
        frame = _frame(each)
        if frame[4] != TEXT_FOR_A_MOMENT or len(frame) != each["dataLen"]:
            yield f"sends {frame.hex()} to the display"
    if any(plate and plate in text for plate in plates for text in said):
        yield f"says {said}"


def _frame(sent: Any) -> bytes:
    return base64.b64decode(sent["data"])
