"""What of a body is never kept: pictures, which show people, and passwords. Pure."""

import re
from collections.abc import Iterator

_WORD = rb"(?:pass_?wd|password|pass_?word|pwd|secret)"
_SECRETS = (
    re.compile(
        rb'("[\w.-]{0,40}' + _WORD + rb'[\w.-]*"\s*:\s*)("(?:\\.|[^"\\])*"|[^\s,}\]]+)', re.I
    ),
    re.compile(rb"(<[\w.:-]{0,40}" + _WORD + rb"[\w.-]*>)([^<]*)", re.I),
    re.compile(
        rb'(name="?[\w.-]{0,40}' + _WORD + rb'[\w.-]*"?[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n)'
        rb"(.*?)(?=\r?\n--|\Z)",
        re.I | re.S,
    ),
    re.compile(rb"((?:^|[&?\s])[\w.-]{0,40}" + _WORD + rb"[\w.-]*=)([^&\s\"';]*)", re.I),
)
_HIDDEN = b'"***"'
_PICTURE = re.compile(
    rb"[A-Za-z0-9+/=_\\%\r\n-]{1024,}|\xff\xd8\xff|\x89PNG\r\n\x1a|RIFF....WEBP", re.S
)
"""A text of base64, of which no other is as long, or the beginning of a picture file."""
_NEXT_PART = re.compile(rb"\r?\n--[\x21-\x7e]{4,200}(?:\r?\n|$)")
_LARGEST_JUMP = 16


def fit_to_keep(data: bytes) -> bytes:
    """``data`` without pictures, and with stars for each password, whatever the body is.

    All else stays as it came, so that it can be read again.
    """
    kept = b"".join(_between_pictures(data))
    for secret in _SECRETS:
        kept = secret.sub(lambda found: found[1] + _stars(found[1]), kept)
    return kept


def _between_pictures(data: bytes) -> Iterator[bytes]:
    begin = 0
    while found := _PICTURE.search(data, begin):
        yield data[begin : found.start()]
        is_text = found.end() - found.start() > _LARGEST_JUMP
        begin = found.end() if is_text else _end_of_file(data, found.start())
    yield data[begin:]


def _end_of_file(data: bytes, start: int) -> int:
    """Where a picture file ends: before the next part of a body with parts, or with it."""
    following = _NEXT_PART.search(data, start)
    return following.start() if following else len(data)


def _stars(before: bytes) -> bytes:
    return _HIDDEN if before.rstrip().endswith(b":") else b"***"
