"""Pages over TLS, before the same web server."""

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask, request, session

from shared import tls_front
from shared.tls_front import shown_by
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


def test_a_plain_connection_from_elsewhere_is_never_taken_for_a_secure_one(
    served: Served,
) -> None:
    """It comes from the same port as the front's own connection for somebody else."""
    with closing(served.connection()) as secure:
        secure.request("GET", "/who")
        secure.getresponse().read()
        (own_port,) = ports_connected_to(served.port)
        elsewhere = ("127.0.0.2", own_port)
        plain = http.client.HTTPConnection(HOST, served.port, source_address=elsewhere)
        with closing(plain):
            plain.request("GET", "/who")
            told = json.loads(plain.getresponse().read())
    assert (told["is_secure"], told["address"]) == (False, "127.0.0.2")


def ports_connected_to(port: int) -> list[int]:
    """The ports of this machine from which somebody speaks to ``port``, as the kernel tells."""
    found = []
    for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]:
        _, local, remote, state = line.split()[:4]
        if state == "01" and int(remote.split(":")[1], 16) == port:
            found.append(int(local.split(":")[1], 16))
    return found


@pytest.mark.parametrize(
    "asked",
    [
        b"POST /who HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000000\r\n\r\n",
        b"GET /who HTTP/1.1\r\nHost: a\r\nCookie: " + b"a" * 40_000 + b"\r\n\r\n",
        b"POST /who HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"1fffff\r\n"
        + b"a" * 0x1FFFFF,
    ],
    ids=["body", "header", "chunks"],
)
def test_what_is_far_too_long_is_refused_before_it_is_kept(served: Served, asked: bytes) -> None:
    with closing(socket.create_connection((HOST, served.port))) as connection:
        with suppress(OSError):  # it may hang up while we still speak
            connection.sendall(asked)
        with suppress(ConnectionResetError):
            assert connection.recv(12).split()[1:2] in ([b"413"], [b"431"], [])
    assert served.get("/health") == b"ok"


def test_one_address_leaves_room_for_others(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls_front, "MOST_OF_ONE_ADDRESS", 3)
    with ExitStack() as opened:
        for _ in range(6):
            greedy = socket.create_connection((HOST, served.tls_port), None, ("127.0.0.2", 0))
            opened.enter_context(closing(greedy))
        assert served.get("/health") == b"ok"
        assert eventually(lambda: refuses(served, "127.0.0.2"))
    assert eventually(lambda: not refuses(served, "127.0.0.2"))


def refuses(served: Served, address: str) -> bool:
    """Whether no hands are shaken with who comes from this address."""
    try:
        plain = socket.create_connection((HOST, served.tls_port), None, (address, 0))
        with closing(plain):
            served.site.trusting().wrap_socket(plain, server_hostname=HOST).close()
    except OSError:
        return True
    return False


def test_who_never_reads_what_they_asked_for_is_let_go(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls_front, "STUCK_S", 0.3)
    monkeypatch.setattr(tls_front, "MOST_CONNECTIONS", 1)
    plain = socket.create_connection((HOST, served.tls_port))
    with closing(served.site.trusting().wrap_socket(plain, server_hostname=HOST)) as stuck:
        stuck.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n" * 30)
        assert eventually(lambda: not refuses(served, HOST))


def test_nobody_shakes_hands_twice_on_one_connection(tmp_path: Path) -> None:
    assert shown_by(certified(tmp_path / "site").server).options & ssl.OP_NO_RENEGOTIATION
