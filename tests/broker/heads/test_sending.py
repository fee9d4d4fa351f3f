"""A signed head leaves by the backup medium, by mail and by a webhook, once a day each."""

import email
import json
import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from broker.heads.ledger import read_ledger
from broker.hub.daily_head import AGAIN_AFTER_S, DailyHead
from broker.hub.errand import Errand
from broker.journal.signed_head import heads_in
from broker.settings import HubSettings
from shared.config import read_config
from shared.errors import ConfigError
from shared.messages import Alert, AlertClosed
from tests.broker.backup.office import Office
from tests.broker.heads.mail_server import MailServer
from tests.waiting import eventually

DAY = "2026-11-23"


def choose(office: Office, table: str = "", *, medium: bool = False) -> None:
    """Write what the site chose into ``hub.toml``."""
    first = f'backup_dir = "{office.backups}"\n' if medium else ""
    text = office.toml.read_text(encoding="utf-8")
    office.toml.write_text(f"{first}{text}\n[heads]\n{table}", encoding="utf-8")


def mail_to(server: MailServer) -> str:
    return (
        'mail_to = ["office@example.org"]\nmail_from = "hub@example.org"\n'
        f'smtp_host = "127.0.0.1"\nsmtp_port = {server.port}\nsmtp_security = "none"\n'
    )


def send(office: Office, on: str = DAY) -> int:
    return office.run("head", "--send", "--on", on)


def medium(office: Office) -> list[str]:
    path = office.backups / "xihu-heads.txt"
    return [head.on for head in heads_in(path.read_text(encoding="utf-8"))]


def test_a_line_a_day_is_added_on_the_medium(office: Office) -> None:
    choose(office, medium=True)
    for on in (DAY, DAY, "2026-11-24"):
        assert send(office, on) == 0
    assert medium(office) == [DAY, "2026-11-24"]
    kept = read_ledger(office.place.hub)
    assert (kept.on, kept.left, kept.failed) == ("2026-11-24", ("medium",), {})
    path = office.backups / "xihu-heads.txt"
    assert office.run("verify", "--head", str(path)) == 0


def test_a_letter_has_the_line_and_nobody_s_data(office: Office) -> None:
    with MailServer() as server:
        choose(office, mail_to(server))
        assert send(office) == 0
        assert send(office) == 0
    (text,) = server.letters
    letter = email.message_from_string(text)
    (attached,) = [part for part in letter.walk() if part.get_filename()]
    (head,) = heads_in(str(attached.get_payload()))
    assert (head.on, head.site, letter["To"]) == (DAY, "xihu", "office@example.org")
    assert "浙" not in text


def test_what_failed_is_told_and_only_that_is_tried_again(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with MailServer("554 no such person") as server:
        choose(office, mail_to(server), medium=True)
        assert send(office) == 1
        assert "no such person" in capsys.readouterr().err
        kept = read_ledger(office.place.hub)
        assert kept.left == ("medium",)
        assert "no such person" in kept.failed["mail"]
        server.refusal = None
        assert send(office) == 0
    assert medium(office) == [DAY]
    assert read_ledger(office.place.hub).failed == {}
    assert heads_in(server.letters[0])[0].text == read_ledger(office.place.hub).text


@contextmanager
def robot(says: bytes = b"") -> Iterator[tuple[int, list[dict[str, object]]]]:
    """A group robot, and what it was posted; it answers each with status 200 and what it says."""
    posted: list[dict[str, object]] = []

    class Robot(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            posted.append(json.loads(self.rfile.read(length)))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(says)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Robot)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], posted
    server.shutdown()
    server.server_close()


def test_a_group_s_robot_gets_it_in_the_form_that_it_takes(office: Office) -> None:
    with robot() as (port, posted):
        choose(office, f'webhook_url = "http://127.0.0.1:{port}/send?key=1"\n')
        assert send(office) == 0
    (body,) = posted
    text = body["text"]
    assert isinstance(text, dict)
    assert (body["msgtype"], heads_in(text["content"])[0].text) == ("text", body["head"])
    assert read_ledger(office.place.hub).left == ("webhook",)


@pytest.mark.parametrize(
    ("says", "problem"),
    [
        (b'{"errcode":0,"errmsg":"ok"}', None),
        (b'{"errcode":93000,"errmsg":"invalid webhook url"}', "93000 invalid webhook url"),
        (b"thank you", None),
    ],
)
def test_a_robot_that_refuses_does_so_with_status_200(
    office: Office, says: bytes, problem: str | None
) -> None:
    with robot(says) as (port, _):
        choose(office, f'webhook_url = "http://127.0.0.1:{port}/"\n')
        assert send(office) == int(problem is not None)
    assert read_ledger(office.place.hub).failed.get("webhook") == problem


def test_a_mail_server_that_cannot_be_trusted_gets_no_letter(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[ssl.SSLContext] = []

    def refused(*_where: object, context: ssl.SSLContext, **_more: object) -> None:
        asked.append(context)
        raise ssl.SSLCertVerificationError("self-signed certificate")

    monkeypatch.setattr(smtplib, "SMTP_SSL", refused)
    table = 'mail_to = ["a@example.org"]\nmail_from = "b@example.org"\nsmtp_host = "mail"\n'
    choose(office, table)
    assert send(office) == 1
    (context,) = asked
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert "self-signed" in read_ledger(office.place.hub).failed["mail"]


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ('mail_to = ["a@example.org"]\nsmtp_username = "hub"\n', "smtp_host"),
        ('mail_to = ["a@example.org"]\nsmtp_host = "mail"\n', "mail_from"),
        ('webhook_url = "file:///etc/passwd"\n', "webhook_url"),
    ],
)
def test_settings_that_cannot_work_are_refused_with_their_key(
    office: Office, table: str, field: str
) -> None:
    choose(office, table)
    with pytest.raises(ConfigError, match=field):
        read_config(HubSettings, office.toml)


def test_the_hub_sends_it_once_a_day_and_tells_the_manager_while_it_fails(office: Office) -> None:
    choose(office, medium=True)
    office.backups.rmdir()  # somebody took the disk
    with office.at_work() as hub:
        daily = Errand(DailyHead(office.toml))
        told: list[str] = []

        def run_at(at_s: float) -> bool:
            """Whether a command was started, which has ended then."""
            daily.step(hub, at_s)
            if daily.is_idle:
                return False

            def has_ended() -> bool:
                daily.step(hub, at_s + 1)
                return daily.is_idle

            assert eventually(has_ended)
            told.extend(
                "failed" if isinstance(row.message, Alert) else "over"
                for row in hub.outbox.waiting(1000)
                if isinstance(row.message, Alert | AlertClosed) and row.message.visit_id == "heads"
            )
            hub.outbox.forget([row.row for row in hub.outbox.waiting(1000)])
            return True

        assert not run_at(0.0)
        assert run_at(DailyHead.first_after_s)
        assert not run_at(DailyHead.first_after_s + AGAIN_AFTER_S - 1)
        assert run_at(DailyHead.first_after_s + AGAIN_AFTER_S)
        assert told == ["failed"]
        office.backups.mkdir()
        assert run_at(DailyHead.first_after_s + 2 * AGAIN_AFTER_S)
        assert told == ["failed", "over"]
        assert not run_at(DailyHead.first_after_s + 3 * AGAIN_AFTER_S)
    assert medium(office) == [DAY]
