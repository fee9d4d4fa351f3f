"""What of a body is never kept: passwords at all, pictures once the plate is known. Pure."""

import re

_WORD = rb"(?:pass_?wd|password|pass_?word|pwd|secret)"
_SECRETS = (
    re.compile(rb'("[\w.-]*' + _WORD + rb'[\w.-]*"\s*:\s*)("(?:\\.|[^"\\])*"|[^\s,}\]]+)', re.I),
    re.compile(rb"(<[\w.:-]*" + _WORD + rb"[\w.-]*>)([^<]*)", re.I),
    re.compile(
        rb'(name="?[\w.-]*' + _WORD + rb'[\w.-]*"?[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n)'
        rb"(.*?)(?=\r?\n--|\Z)",
        re.I | re.S,
    ),
    re.compile(rb"((?:^|[&?\s])[\w.-]*" + _WORD + rb"[\w.-]*=)([^&\s\"';]*)", re.I),
)
_HIDDEN = b'"***"'
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/=_-]|\\[/nr]|\\u002[bfBF]|%2[BF]|[\r\n]){1024,}")
"""A text of base64 this long is a picture."""
_FILE = re.compile(rb"(?:\xff\xd8\xff|\x89PNG\r\n|RIFF....WEBP|BM....\0\0\0\0)", re.S)


def without_secrets(data: bytes) -> bytes:
    """``data`` with each password in it replaced by stars, whatever the body is."""
    for secret in _SECRETS:
        data = secret.sub(lambda found: found[1] + _stars(found[1], found[2]), data)
    return data


def without_pictures(data: bytes) -> bytes:
    """``data`` without what is a picture in it; all else stays, so that it can be read again."""
    pieces, begin = [], 0
    while found := _FILE.search(data, begin):
        end = _end_of_file(data, found.start())
        pieces.append(data[begin : found.start()])
        begin = end
    return _BASE64.sub(b"", b"".join([*pieces, data[begin:]]))


def _end_of_file(data: bytes, start: int) -> int:
    """Where a picture file ends: before the next part of a multipart body, or with it."""
    end = data.find(b"\r\n--", start)
    while end != -1 and not re.match(
        rb"\r\n--[\x21-\x7e]{6,200}\r?\n|\r\n--[\x21-\x7e]{6,200}--", data[end : end + 210]
    ):
        end = data.find(b"\r\n--", end + 1)
    return len(data) if end == -1 else end


def _stars(before: bytes, _value: bytes) -> bytes:
    return _HIDDEN if before.rstrip().endswith(b":") else b"***"
