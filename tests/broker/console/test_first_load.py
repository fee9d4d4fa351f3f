"""What a phone has to load before its page works."""

import gzip
import re
from posixpath import dirname, join, normpath

import pytest

from tests.broker.console.conftest import Browser

MOST_BYTES = 200_000
PINS = {"li": "1357", "chen": "8642"}
PACKED = {"Accept-Encoding": "gzip"}
LINKED = re.compile(r'(?:href|src)="(/static/[^"?]+\.(?:css|js))')
IMPORTED = re.compile(r'(?:from|import) "(\./[^"]+)"')


def loaded(browser: Browser, page: str, who: str = "li") -> dict[str, int]:
    """The bytes of the page and of every style and script that it asks for."""
    browser.log_in(who, PINS[who])
    answer = browser.get(page)
    assert answer.status_code == 200
    sizes, wanted = {page: len(answer.data)}, LINKED.findall(answer.text)
    while wanted:
        path = wanted.pop()
        if path in sizes:
            continue
        came = browser.client.get(path, headers=PACKED, buffered=True)
        assert came.headers.get("Content-Encoding") == "gzip" or len(came.data) < 500, path
        sizes[path] = len(came.data)
        text = (gzip.decompress(came.data) if came.content_encoding else came.data).decode()
        if path.endswith(".js") and "/vendor/" not in path:
            wanted += [normpath(join(dirname(path), name)) for name in IMPORTED.findall(text)]
    return sizes


def test_a_phone_s_first_load_is_small(browser: Browser) -> None:
    sizes = loaded(browser, "/handheld")
    assert len(sizes) > 40
    assert sum(sizes.values()) <= MOST_BYTES, sizes


@pytest.mark.parametrize(("page", "who"), [("/handheld", "li"), ("/", "chen")])
def test_a_page_asks_for_all_that_its_script_imports_at_once(
    browser: Browser, page: str, who: str
) -> None:
    reached = [path for path in loaded(browser, page, who) if path.endswith(".js")]
    text = browser.get(page).text
    preloaded = re.findall(r'rel="modulepreload" fetchpriority="low" href="([^"]+)"', text)
    scripts = re.findall(r'<script src="([^"]+)"', text)
    assert len(preloaded) > 20
    assert sorted(preloaded) == sorted(set(reached) - set(scripts))


def test_who_takes_nothing_compressed_gets_the_same_file_plain(browser: Browser) -> None:
    path = "/static/handheld/main.js"
    packed = browser.client.get(path, headers=PACKED, buffered=True)
    plain = browser.client.get(path, buffered=True)
    assert plain.content_encoding is None
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize("path", ["/handheld", "/api/me"])
def test_what_is_said_to_a_person_is_never_compressed(browser: Browser, path: str) -> None:
    browser.log_in("li", "1357")
    assert browser.client.get(path, headers=PACKED).content_encoding is None
