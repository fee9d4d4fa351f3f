"""``yingbin camera probe``: what a camera is, by what its pages answer a stranger."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gate.intake.camera_command import main
from gate.vendors.signs import Reply, vendor_of
from shared.command_line import Terminal
from tests.servers import free_ports

ISAPI, MAGIC = "/ISAPI/System/deviceInfo", "/cgi-bin/magicBox.cgi?action=getDeviceType"
BASIC = 'WWW-Authenticate: Digest realm="{}", nonce="1"'


@pytest.mark.parametrize(
    ("replies", "source"),
    [
        ([Reply(80, ISAPI, 401, BASIC.format("IP Camera(C1234)"))], "hikvision"),
        ([Reply(80, "/", 200, "Server: App-webs/")], "hikvision"),
        ([Reply(80, MAGIC, 401, BASIC.format("Login to 0a1b2c"))], "dahua"),
        ([Reply(80, ISAPI, 401, BASIC.format("Login to 0a1b2c"))], "dahua"),
        ([Reply(80, "/axis-cgi/basicdeviceinfo.cgi", 401, BASIC.format("AXIS_B8A44F"))], "axis"),
        ([Reply(80, "/", 200, "", "<title>臻识科技</title>")], "zhenshi"),
        ([Reply(80, "/", 200, "", "<html></html>"), Reply(8131)], "zhenshi"),
        ([Reply(5000, "/api/version", 200, "Server: nginx", "0.16.1-abcdef12")], "frigate"),
        ([Reply(8355, "/", 200, "", "Rekor Scout agent")], "openalpr"),
        ([Reply(8001, "/status/", 200, "", "PlateRecognizer Stream")], "platerecognizer"),
        ([Reply(80, "/", 200, "Server: nginx", "welcome"), Reply(554)], None),
    ],
)
def test_a_camera_is_known_by_what_its_pages_answer(
    replies: list[Reply], source: str | None
) -> None:
    assert vendor_of(replies) == source


class Dahua(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("WWW-Authenticate", BASIC.format("Login to 0a1b2c").partition(": ")[2])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def camera() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Dahua) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_what_it_is_and_what_to_set_is_said_in_chinese(
    camera: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["probe", camera], Terminal("zh-CN")) == 0
    said = capsys.readouterr().out
    assert f"{camera} 是大华" in said
    assert "127.0.0.1" in said
    assert 'source = "dahua"' in said
    assert "8092" in said
    (path,) = (line.partition("：")[2] for line in said.splitlines() if line.endswith(".svg"))
    drawing = Path(path).read_text(encoding="utf-8")
    Path(path).unlink()
    assert "平台接入" in drawing
    assert "8092" in drawing


def test_where_nobody_answers_is_said_with_what_to_look_at(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (port,) = free_ports(1)
    assert main(["probe", f"127.0.0.1:{port}"], Terminal("en")) == 1
    assert "nobody answers" in capsys.readouterr().err
