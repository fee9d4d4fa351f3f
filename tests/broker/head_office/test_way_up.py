"""The one connection to head office: closed meanwhile, it is opened again; busy is no trouble."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from broker.journal.shipment import Shipment
from broker.shipping.way_up import BusyError, WayUp

EMPTY = Shipment(epoch=1, from_seq=1)


class ForgetfulOffice(BaseHTTPRequestHandler):
    """Closes each connection behind its answer, and does not say so; busy for backlogs."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        is_backlog = "Yingbin-Backlog" in self.headers
        body = json.dumps({"epoch": 1, "stored_through": 7}).encode()
        self.send_response(429 if is_backlog else 200)
        if is_backlog:
            self.send_header("Retry-After", "3")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def way() -> Iterator[WayUp]:
    server = HTTPServer(("127.0.0.1", 0), ForgetfulOffice)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    with closing(WayUp(f"http://127.0.0.1:{server.server_port}")) as way:
        yield way
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_connection_that_was_closed_meanwhile_is_opened_again(way: WayUp) -> None:
    assert [way.send("s", EMPTY).stored_through for _ in range(4)] == [7] * 4


def test_a_backlog_that_has_no_room_is_told_when_to_come_again(way: WayUp) -> None:
    for _ in range(2):
        with pytest.raises(BusyError) as told:
            way.send("s", Shipment(epoch=1, from_seq=1, backlog=True))
        assert told.value.wait_s == 3
    assert way.send("s", EMPTY).stored_through == 7
