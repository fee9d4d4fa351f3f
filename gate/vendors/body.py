"""What a camera posted, taken apart: JSON, XML and multipart, however it is coded. Pure."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec


class BadBodyError(Exception):
    """Nobody understands this body, and why: for the log and the page."""


Tree = dict[str, Any]
"""A JSON object as it was decoded. It stays within the vendor's own module."""

_PREFIX = re.compile(r"(</?)[\w.-]+:(?=[\w.-])")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SPACES = re.compile(r"""\sxmlns(?::[\w.-]+)?\s*=\s*("[^"]*"|'[^']*')""")
_BOUNDARY = re.compile(rb'boundary="?([^";,\s]{1,200})', re.IGNORECASE)
_NAME = re.compile(rb'\bname="?([^";\r\n]*)', re.IGNORECASE)
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """A body as it came; ``path`` is where it was posted to, or the topic of an MQTT message.

    The type that a camera states is often wrong, so what is in the body counts.
    """

    data: bytes
    path: str = ""
    content_type: str = ""

    @property
    def is_multipart(self) -> bool:
        """Whether it consists of parts."""
        return self._boundary() is not None

    def parts(self) -> Iterator[Part]:
        """Its parts in their order; none if it has none."""
        boundary = self._boundary()
        if boundary is None:
            return
        for piece in self.data.split(b"--" + boundary)[1:]:
            head, _, data = piece.replace(b"\r\n\r\n", b"\n\n", 1).partition(b"\n\n")
            if not head.startswith(b"--"):
                named = _NAME.search(head)
                end = 2 if data.endswith(b"\r\n") else 1 if data.endswith(b"\n") else 0
                name = named[1].decode("utf-8", "replace") if named else ""
                yield Part(name, data[: len(data) - end])

    def json(self) -> Tree:
        """The JSON object that it is, or that one of its parts is.

        Raises:
            BadBodyError: there is none.
        """
        data = self._of_kind((b"{",))
        try:
            found = msgspec.json.decode(text_of(data).encode())
        except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
            raise BadBodyError("no JSON") from error
        if not isinstance(found, dict):
            raise BadBodyError("no JSON object")
        return found

    def xml(self) -> dict[str, str]:
        """The texts of the XML document that it is or holds, by their element; the first counts.

        Raises:
            BadBodyError: there is none, or it has a document type, which may name files.
        """
        text = _DECLARATION.sub("", text_of(self._of_kind((b"<", b"\xff\xfe<", b"\xfe\xff"))))
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise BadBodyError("XML with a document type")
        try:
            root = ET.fromstring(_PREFIX.sub(r"\1", _SPACES.sub("", text)))
        except (ET.ParseError, ValueError, RecursionError) as error:
            raise BadBodyError("no XML") from error
        found: dict[str, str] = {}
        for element in root.iter():
            found.setdefault(element.tag, (element.text or "").strip())
        return found

    def _of_kind(self, begins: tuple[bytes, ...]) -> bytes:
        """The first part that begins so, or else all of it."""
        candidates = (part.data for part in self.parts())
        return next((data for data in candidates if _bare(data).startswith(begins)), self.data)

    def _boundary(self) -> bytes | None:
        stated = _BOUNDARY.search(self.content_type.encode("utf-8", "replace"))
        if stated and b"--" + stated[1] in self.data:
            return stated[1]
        seen = re.match(rb"\s*--([^\r\n]{1,200}?)\r?\n", self.data)
        return seen[1] if seen else None


def text_of(data: bytes) -> str:
    """``data`` as text: by its mark, else UTF-8, else GB 18030, which has GBK within."""
    for mark, coding in _MARKS:
        if data.startswith(mark):
            return data.decode(coding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _bare(data: bytes) -> bytes:
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()
