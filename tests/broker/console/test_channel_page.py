"""The page of a person's second channel: chosen by the manager, refused, tried out."""

import html
import re
from pathlib import Path

import pytest
from flask import Flask

from broker.console.channel_page import serve_channels
from broker.console.channel_view import ShownChannel
from broker.phones.channels import FILE_NAME, Channels
from broker.phones.rings import Ring
from broker.phones.settings import PhoneSettings
from tests.broker.console.conftest import Browser

AT = "/settings/people/li/channel"


class Post:
    """Takes what is tried out."""

    def __init__(self) -> None:
        self.sent: list[Ring] = []
        self.takes = True

    def __call__(self, ring: Ring) -> bool:
        self.sent.append(ring)
        return self.takes


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def channels(tmp_path: Path, post: Post) -> Channels:
    return Channels(PhoneSettings(), tmp_path, post, "迎宾")


def wrong(answer_text: str) -> list[str]:
    return re.findall(r'data-testid="problem-(\w+)"', answer_text)


def test_a_manager_chooses_a_channel_and_tries_it_out(
    app: Flask, manager: Browser, channels: Channels, post: Post, tmp_path: Path
) -> None:
    serve_channels(app, channels)
    assert f'href="{AT}"' in manager.get("/settings/people/li").text
    assert 'data-testid="try"' not in manager.get(AT).text
    saved = manager.post(AT, url="ntfy://192.168.1.5/li", quiet="21:00-08:00，12:00-13:00")
    assert saved.status_code == 303
    page = manager.get(saved.location).text
    assert 'value="ntfy://192.168.1.5/li"' in page
    assert 'value="21:00-08:00, 12:00-13:00"' in page
    tried = manager.post(f"{AT}/try")
    assert "对方已收下" in manager.get(tried.location).text
    assert [(ring.staff_id, ring.url) for ring in post.sent] == [("li", "ntfy://192.168.1.5/li")]
    post.takes = False
    assert "没有送到" in manager.get(manager.post(f"{AT}/try").location).text
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0
    manager.post(AT, url="", quiet="")
    assert channels.of("li") == ShownChannel()


def test_a_manager_s_reports_are_ticked_there_and_nobody_else_s(
    app: Flask, manager: Browser, channels: Channels
) -> None:
    serve_channels(app, channels)
    at = AT.replace("/li/", "/chen/")
    assert 'name="reports"' not in manager.get(AT).text
    assert " checked" not in manager.get(at).text
    manager.post(at, url="ntfy://192.168.1.5/chen", quiet="", reports=["week", "month", "all"])
    assert channels.of("chen").reports == ("week", "month")
    page = manager.get(at).text
    ticked = re.findall(r'data-testid="report-(\w+)" checked', page)
    assert ticked == ["week", "month"]
    manager.post(AT, url="ntfy://192.168.1.5/li", quiet="", reports=["day"])
    assert channels.of("li").reports == ()


def test_the_second_of_two_managers_sees_what_the_first_chose(
    app: Flask, manager: Browser, channels: Channels
) -> None:
    serve_channels(app, channels)
    (seen,) = re.findall(r'name="seen" value="([^"]*)"', manager.get(AT).text)
    first = manager.post(AT, url="ntfy://192.168.1.5/first", quiet="", seen=seen)
    assert first.status_code == 303
    second = manager.post(AT, url="ntfy://192.168.1.5/second", quiet="", seen=seen)
    assert (second.status_code, "另一位管理岗刚改过" in second.text) == (422, True)
    assert "ntfy://192.168.1.5/first" in second.text
    assert channels.of("li").url == "ntfy://192.168.1.5/first"


@pytest.mark.parametrize(
    ("url", "quiet", "field"),
    [
        ("file:///etc/passwd", "", "url"),
        ("http://192.168.1.5/li", "", "url"),
        ("ntfy://", "", "url"),
        ("ntfy://a b", "", "url"),
        ("<script>", "", "url"),
        ("ntfy://192.168.1.5/李", "", "url"),
        ("ntfy://192.168.1.5/li", "25:00-08:00", "quiet"),
        ("ntfy://192.168.1.5/li", "晚上", "quiet"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_changes(
    app: Flask, manager: Browser, channels: Channels, url: str, quiet: str, field: str
) -> None:
    serve_channels(app, channels)
    answer = manager.post(AT, url=url, quiet=quiet)
    assert (answer.status_code, wrong(answer.text)) == (422, [field])
    assert html.escape(url) in answer.text
    assert channels.of("li") == ShownChannel()


def test_nobody_who_is_not_here_has_a_channel(
    app: Flask, manager: Browser, channels: Channels
) -> None:
    assert manager.get(AT).status_code == 404  # not served at all
    serve_channels(app, channels)
    assert manager.get("/settings/people/nobody/channel").status_code == 404
