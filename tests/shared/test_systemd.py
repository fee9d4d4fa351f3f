"""What systemd is told."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.systemd import notify, starting_takes_time


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Where systemd would listen."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(30)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield listener


def said(heard: socket.socket) -> list[str]:
    """What was said so far."""
    notify("that is all")
    return [line.decode() for line in iter(lambda: heard.recv(100), b"that is all")]


def test_a_long_start_asks_for_time_again_and_again(heard: socket.socket) -> None:
    with starting_takes_time(every_s=0.01):
        first, second = heard.recv(100), heard.recv(100)
    assert first == second == b"EXTEND_TIMEOUT_USEC=30000"
    said(heard)
    assert said(heard) == []  # the start is over


def test_a_start_that_never_ends_gets_no_more_time(heard: socket.socket) -> None:
    with starting_takes_time(at_most_s=0.03, every_s=0.01):
        assert [heard.recv(100) for _ in range(3)]
        heard.settimeout(0.1)
        with pytest.raises(TimeoutError):
            heard.recv(100)


def test_without_systemd_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    with starting_takes_time(every_s=0.001):
        notify("READY=1")
