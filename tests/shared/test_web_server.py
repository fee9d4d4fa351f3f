"""What the pages' server takes: small bodies from everybody, large ones a few at a time."""

import http.client
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress

import pytest
from flask import Flask, request

from broker.console.guard import LARGE_FORMS
from shared.web_server import LARGE_AT_ONCE, LARGEST_BODY_BYTES, WebServer, listen
from tests.waiting import eventually

HOST, MOST = "127.0.0.1", 3 * LARGEST_BODY_BYTES


def pages() -> Flask:
    """Says how much came."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: str(len(request.get_data())), methods=["POST"])
    return app


@pytest.fixture
def port() -> Iterator[int]:
    listener = listen(HOST, 0)
    server = WebServer(pages(), listener, a_few_up_to=MOST)
    server.start()
    yield listener.getsockname()[1]
    server.stop()


def sent(port: int, size: int) -> tuple[int, str]:
    with closing(http.client.HTTPConnection(HOST, port)) as connection:
        connection.putrequest("POST", "/")
        connection.putheader("Content-Length", str(size))
        connection.endheaders()
        with suppress(ConnectionError):  # refused before it was all there
            connection.send(bytes(size))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def begun(port: int, size: int) -> socket.socket:
    """Somebody who begins to send so much, and does not go on."""
    opened = socket.create_connection((HOST, port))
    opened.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\nx" % size)
    return opened


def test_a_picture_or_a_table_gets_through_and_more_does_not(port: int) -> None:
    assert sent(port, MOST) == (200, str(MOST))
    assert sent(port, MOST + 1)[0] == 413


def test_no_crowd_of_large_bodies_fills_the_disk_and_a_small_one_always_gets_through(
    port: int,
) -> None:
    with ExitStack() as held:
        for _ in range(LARGE_AT_ONCE):
            held.enter_context(begun(port, MOST))
        assert eventually(lambda: sent(port, MOST)[0] == 413)
        assert sent(port, 100) == (200, "100")
    assert eventually(lambda: sent(port, MOST)[0] == 200)


def test_the_hub_s_largest_form_is_larger_than_what_everybody_may_send() -> None:
    assert max(LARGE_FORMS.values()) > LARGEST_BODY_BYTES, "or nobody could bring a table"
