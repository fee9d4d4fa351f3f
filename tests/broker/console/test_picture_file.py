"""Which pictures a manager may bring: by what they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.console.picture_file import MOST_BYTES, kind_of, name_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
_NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg(inside: str, more: str = "") -> bytes:
    return f"<svg {_NS} {more}>{inside}</svg>".encode()


LOGO = svg(
    '<defs><linearGradient id="a"/></defs><use href="#a"/>'
    """<path d="M0 0" fill="url(#a)" stroke="url( '#a' )"/>"""
)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, ".png"),
        (b"\xff\xd8\xff\xe0 a photo", ".jpg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", ".webp"),
        (LOGO, ".svg"),
        (b'<?xml version="1.0"?>\n' + LOGO, ".svg"),
    ],
)
def test_pictures_are_known_by_what_they_hold(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<html><svg></svg></html>",
        b"MZ an exe",
        PNG + b"\0" * MOST_BYTES,
        svg("<script>alert(1)</script>"),
        svg("<SCRIPT>alert(1)</SCRIPT>"),
        svg("<foreignObject><b/></foreignObject>"),
        svg("<style>@import 'https://example.com/x.css'</style>"),
        svg("<animate attributeName='href' values='javascript:alert(1)'/>"),
        svg("<image href='https://example.com/track.png'/>"),
        svg("<use xlink:href='https://example.com/x.svg#a'/>"),
        svg("<a href='javascript:alert(1)'><text>x</text></a>"),
        svg("<path style='fill: url(https://example.com/x)'/>"),
        svg("<path fill='url(  \"//example.com/x\")'/>"),
        svg("", "onload='alert(1)'"),
        svg("<rect OnClick='alert(1)'/>"),
        b'<!DOCTYPE svg [<!ENTITY a "aa">]>' + LOGO,
        b'<?xml-stylesheet href="https://example.com/x.css"?>' + LOGO,
        b"<svg><path/></svg>",
        b"<svg " + b"<" * 99,
    ],
)
def test_what_is_no_picture_or_may_do_more_than_be_seen_is_refused(content: bytes) -> None:
    assert kind_of(content) is None


@given(st.binary(max_size=200))
def test_no_bytes_break_it(content: bytes) -> None:
    assert kind_of(content) in {None, ".png", ".jpg", ".webp", ".svg"}
    assert kind_of(b"<svg" + content) in {None, ".svg"}


def test_another_picture_has_another_name() -> None:
    assert name_of("logo", PNG, ".png") != name_of("logo", PNG + b"1", ".png")
