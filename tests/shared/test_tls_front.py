"""Pages over TLS, before the same web server."""

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask, request, session

from shared.web_guard import protect
from shared.web_server import THREADS, WebServer, listen
from tests.certified import Certified, certified
from tests.servers import free_ports
from tests.waiting import eventually

HOST = "127.0.0.1"


def pages() -> Flask:
    app = Flask("pages")
    app.config.update(SECRET_KEY="a secret for tests", SESSION_COOKIE_NAME="who")
    protect(app)

    @app.get("/health")
    def health() -> str:
        return "ok"

    @app.get("/who")
    def who() -> dict[str, object]:
        session["seen"] = True
        return {"is_secure": request.is_secure, "address": request.remote_addr, "url": request.url}

    @app.get("/large")
    def large() -> str:
        return "x" * 1_000_000

    return app


@dataclass(frozen=True)
class Served:
    site: Certified
    port: int
    tls_port: int

    def connection(self) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(HOST, self.tls_port, context=self.site.trusting())

    def get(self, path: str) -> bytes:
        with closing(self.connection()) as connection:
            connection.request("GET", path)
            return connection.getresponse().read()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    site = certified(tmp_path / "site")
    port, tls_port = free_ports(2)
    server = WebServer(pages(), listen(HOST, port), site.settings(tls_port))
    server.start()
    yield Served(site, port, tls_port)
    server.stop()


def shown(served: Served) -> bytes:
    """The certificate that a new connection is shown."""
    with (
        closing(socket.create_connection((HOST, served.tls_port))) as plain,
        closing(served.site.trusting().wrap_socket(plain, server_hostname=HOST)) as secure,
    ):
        return secure.getpeercert(binary_form=True) or b""


def test_a_page_knows_that_it_is_secure_and_who_asks(served: Served) -> None:
    told = json.loads(served.get("/who"))
    assert told == {
        "is_secure": True,
        "address": HOST,
        "url": f"https://{HOST}:{served.tls_port}/who",
    }


def test_the_plain_port_goes_on_beside_it(served: Served) -> None:
    with closing(http.client.HTTPConnection(HOST, served.port)) as connection:
        connection.request("GET", "/who")
        assert json.loads(connection.getresponse().read())["is_secure"] is False


def test_each_port_has_a_cookie_of_its_own_and_the_secure_one_s_never_leaves_in_plain(
    served: Served,
) -> None:
    cookies = []
    for connection in (served.connection(), http.client.HTTPConnection(HOST, served.port)):
        with closing(connection):
            connection.request("GET", "/who")
            cookies.append(connection.getresponse().getheader("Set-Cookie") or "")
    secure, plain = cookies
    assert secure.startswith("__Host-who=")
    assert "; Secure;" in secure
    assert plain.startswith("who=")
    assert "Secure" not in plain


def test_large_answers_come_whole_and_a_connection_is_used_again(served: Served) -> None:
    with closing(served.connection()) as connection:
        for _ in range(3):
            connection.request("GET", "/large")
            assert len(connection.getresponse().read()) == 1_000_000
        connection.request("GET", "/who")
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200


def test_more_idle_connections_than_threads_block_nobody(served: Served) -> None:
    with ExitStack() as opened:
        for _ in range(2 * THREADS):
            plain = opened.enter_context(closing(socket.create_connection((HOST, served.tls_port))))
            context = served.site.trusting()
            opened.enter_context(closing(context.wrap_socket(plain, server_hostname=HOST)))
        for _ in range(2 * THREADS):  # and who never shakes hands
            opened.enter_context(closing(socket.create_connection((HOST, served.tls_port))))
        assert served.get("/health") == b"ok"


def test_plain_http_and_nonsense_at_the_secure_port_end_nothing(served: Served) -> None:
    for nonsense in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\xff\xff" + bytes(100), b""):
        with closing(socket.create_connection((HOST, served.tls_port))) as connection:
            connection.sendall(nonsense)
    assert served.get("/health") == b"ok"


def test_a_renewed_certificate_is_shown_without_a_restart(served: Served) -> None:
    before = shown(served)
    served.site.show()
    assert eventually(lambda: shown(served) != before)
    latest = shown(served)
    served.site.server.write_text("torn", encoding="ascii")
    assert served.get("/health") == b"ok"
    assert shown(served) == latest


@pytest.mark.parametrize("is_certified", [False, True])
def test_the_pages_are_served_though_https_cannot_be(
    is_certified: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site = certified(tmp_path / "site")
    with closing(listen(HOST, 0)) as taken:
        if not is_certified:
            site.server.unlink()
        server = WebServer(pages(), listen(HOST, 0), site.settings(taken.getsockname()[1]))
    server.start()
    assert server.is_answering()
    server.stop()
    assert "no https" in caplog.text
