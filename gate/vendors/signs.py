"""By what a camera is known, from the answers of its web pages to a stranger. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

QUESTIONS = (
    (80, "/ISAPI/System/deviceInfo"),
    (80, "/cgi-bin/magicBox.cgi?action=getDeviceType"),
    (80, "/axis-cgi/basicdeviceinfo.cgi"),
    (80, "/"),
    (5000, "/api/version"),
    (8971, "/api/version"),
    (8355, "/"),
    (8001, "/status/"),
)
"""Ports and paths that are asked, without any password."""
DOORS = (554, 8131)
"""Ports at which nothing is said: RTSP, and the maker's own protocol of 臻识."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What one page answered; ``path`` is empty for a port that only takes connections."""

    port: int
    path: str = ""
    status: int = 0
    head: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Sign:
    source: str
    path: str
    """In the path that was asked; empty: in any."""
    pattern: re.Pattern[str]
    """In what was answered, headers first."""


def _sign(source: str, path: str, pattern: str) -> _Sign:
    return _Sign(source, path, re.compile(pattern, re.IGNORECASE | re.DOTALL))


_SIGNS = (
    _sign("dahua", "", r'realm="?Login to |Dahua|/RPC2_Login'),
    _sign("axis", "", r'realm="?AXIS_|AXIS Communications|"brand":\s*"AXIS"'),
    _sign("hikvision", "", r"App-webs|DNVRS-Webs|Hikvision|hikvision\.com|/doc/page/login\.asp"),
    _sign("hikvision", "/ISAPI/", r'<DeviceInfo|realm="?(?:IP Camera|DS-|Embedded)'),
    _sign("zhenshi", "", r"vzenith|臻识|\bVZ[-_ ]?(?:R\d|LPR)"),
    _sign("frigate", "/api/version", r"\n\n\d+\.\d+\.\d+(?:-[0-9a-f]{6,})?\s*$"),
    _sign("openalpr", "", r"OpenALPR|Rekor"),
    _sign("platerecognizer", "", r"Plate ?Recognizer"),
)
"""The first that fits counts: the surest come first."""


def vendor_of(replies: Iterable[Reply]) -> str | None:
    """The source that these replies speak of; None: nobody whom we know."""
    replies = list(replies)
    for sign in _SIGNS:
        for reply in replies:
            said = f"{reply.head}\n\n{reply.text}"
            if reply.path and sign.path in reply.path and sign.pattern.search(said):
                return sign.source
    return "zhenshi" if any(reply.port == 8131 for reply in replies) else None
