"""Speaks with the head office over one connection that stays open."""

import gzip
import http.client
import ssl
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from broker.journal.shipment import HashAt, JoinedSite, Joining, Shipment, StoredThrough
from broker.shipping.membership import Membership
from shared.errors import OperatorError

ANSWER_WITHIN_S = 20.0
_MOST_BYTES = 1 << 20
_OK, _CONFLICT = 200, 409
_T = TypeVar("_T")


class NotContinuedError(Exception):
    """Head office has something else of this journal: ``stored``."""

    def __init__(self, stored: StoredThrough) -> None:
        super().__init__(stored)
        self.stored = stored


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
        return self._asked("POST", "/v1/join", joining, JoinedSite)

    def send(self, site: str, batch: Shipment) -> StoredThrough:
        """Hand over a batch; what is stored after it.

        Raises:
            NotContinuedError: it does not continue what head office has.
        """
        return self._asked("POST", f"/v1/sites/{site}/journal", batch, StoredThrough)

    def hash_at(self, site: str, seq: int) -> str | None:
        """The hash that head office has of an entry."""
        return self._asked("GET", f"/v1/sites/{site}/journal?seq={seq}", None, HashAt).hash

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _asked(self, method: str, path: str, said: msgspec.Struct | None, kind: type[_T]) -> _T:
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        body = gzip.compress(msgspec.json.encode(said), 1) if said is not None else None
        try:
            self._line.request(method, self._base + path, body, headers)
            answer = self._line.getresponse()
            status, told = answer.status, answer.read(_MOST_BYTES)
            if status == _CONFLICT:
                raise NotContinuedError(msgspec.json.decode(told, type=StoredThrough))
            if status == _OK:
                return msgspec.json.decode(told, type=kind)
        except (OSError, http.client.HTTPException, msgspec.DecodeError) as error:
            self._line.close()
            raise OSError(str(error) or type(error).__name__) from error
        self._line.close()
        raise OSError(f"{status} {told[:200].decode(errors='replace')}")
