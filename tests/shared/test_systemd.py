"""What a program tells whoever started it."""

import socket
from pathlib import Path

import pytest

from shared.systemd import starting_longer


def test_a_long_start_asks_for_time_and_says_what_it_is_at_until_it_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.systemd.SIGN_EVERY_S", 0.01)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "ear"))
        ear.settimeout(10.0)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "ear"))
        with starting_longer("hub.sqlite3 is mended"):
            said = [ear.recv(1024).decode() for _ in range(3)]
        assert all("EXTEND_TIMEOUT_USEC=60000000" in each for each in said)
        assert all("STATUS=hub.sqlite3 is mended, for" in each for each in said)
        ear.setblocking(False)
        while has_more(ear):
            pass
        ear.settimeout(0.1)
        assert not has_more(ear)


def has_more(ear: socket.socket) -> bool:
    try:
        return bool(ear.recv(1024))
    except (BlockingIOError, TimeoutError):
        return False
