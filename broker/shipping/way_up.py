"""Speaks with the head office over one connection that stays open."""

import gzip
import http.client
import re
import ssl
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from broker.journal.known_phones import GroupKeys, KnownAnswer, KnownPart
from broker.journal.shipment import (
    BACKLOG_HEADER,
    Documents,
    HashAt,
    JoinedSite,
    Joining,
    Reported,
    Shipment,
    SiteReport,
    StoredThrough,
)
from broker.shipping.membership import Membership
from shared.errors import OperatorError

ANSWER_WITHIN_S = 20.0
_MOST_BYTES = 1 << 20
_OK, _CONFLICT, _BUSY = 200, 409, 429
_LONGEST_BUSY_S = 60.0
_T = TypeVar("_T")


class NotContinuedError(Exception):
    """Head office has something else of this journal: ``stored``."""

    def __init__(self, stored: StoredThrough) -> None:
        super().__init__(stored)
        self.stored = stored


class BusyError(Exception):
    """Head office takes what happens now, and has no room for a backlog for ``wait_s``."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


class WayUp:
    """The head office at ``url``; whatever goes wrong on the way is an ``OSError``."""

    def __init__(self, url: str, ca_file: str = "", token: str = "") -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise OperatorError("error.head_office_url", url=url)
        self._base, self._token = parts.path.rstrip("/"), token
        where = parts.hostname, parts.port
        if parts.scheme == "http":
            self._line = http.client.HTTPConnection(*where, timeout=ANSWER_WITHIN_S)
        else:
            context = ssl.create_default_context(cafile=ca_file or None)
            self._line = http.client.HTTPSConnection(
                *where, timeout=ANSWER_WITHIN_S, context=context
            )

    @classmethod
    def of(cls, member: Membership) -> "WayUp":
        """The way of a site that joined."""
        return cls(member.url, member.ca_file, member.token)

    def join(self, joining: Joining) -> JoinedSite:
        """Join with a one-time code."""
        return self._asked("POST", "/v1/join", JoinedSite, joining)

    def send(self, site: str, batch: Shipment) -> StoredThrough:
        """Hand over a batch; what is stored after it.

        Raises:
            NotContinuedError: it does not continue what head office has.
            BusyError: it is a backlog and must wait.
        """
        said = {BACKLOG_HEADER: "1"} if batch.backlog else {}
        return self._asked("POST", f"/v1/sites/{site}/journal", StoredThrough, batch, said)

    def hash_at(self, site: str, seq: int) -> str | None:
        """The hash that head office has of an entry."""
        return self._asked("GET", f"/v1/sites/{site}/journal?seq={seq}", HashAt).hash

    def documents(self, site: str, after: int) -> Documents:
        """What head office says to the site, behind the number ``after``."""
        return self._asked("GET", f"/v1/sites/{site}/documents?after={after}", Documents)

    def group_keys(self, site: str) -> GroupKeys:
        """The keys by which the site tells its phones."""
        return self._asked("GET", f"/v1/sites/{site}/group-keys", GroupKeys)

    def tell_phones(self, site: str, part: KnownPart) -> KnownAnswer:
        """Tell some of the site's phones; who else knows them."""
        return self._asked("POST", f"/v1/sites/{site}/known", KnownAnswer, part)

    def report(self, site: str, report: SiteReport) -> None:
        """Tell head office how the site stands."""
        self._asked("POST", f"/v1/sites/{site}/report", Reported, report)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _asked(
        self,
        method: str,
        path: str,
        kind: type[_T],
        said: msgspec.Struct | None = None,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> _T:
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip", **more}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        body = gzip.compress(msgspec.json.encode(said), 1) if said is not None else None
        try:
            answer = self._answer(method, self._base + path, body, headers)
            status, told = answer.status, answer.read(_MOST_BYTES)
            if status == _CONFLICT:
                raise NotContinuedError(msgspec.json.decode(told, type=StoredThrough))
            if status == _OK:
                return msgspec.json.decode(told, type=kind)
        except (OSError, http.client.HTTPException, msgspec.DecodeError) as error:
            self._line.close()
            raise OSError(str(error) or type(error).__name__) from error
        if status == _BUSY:
            raise BusyError(_seconds(answer.getheader("Retry-After", "")))
        self._line.close()
        raise OSError(f"{status} {told[:200].decode(errors='replace')}")

    def _answer(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> http.client.HTTPResponse:
        """Over the open connection, or a new one where that was closed since it was used.

        Whatever is asked here may be asked twice.
        """
        if self._line.sock is not None:
            try:
                self._line.request(method, path, body, headers)
                return self._line.getresponse()
            except ConnectionError:
                self._line.close()
        self._line.request(method, path, body, headers)
        return self._line.getresponse()


def _seconds(told: str) -> float:
    return min(float(told), _LONGEST_BUSY_S) if re.fullmatch(r"\d{1,6}", told) else _LONGEST_BUSY_S
