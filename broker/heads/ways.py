"""The ways by which a signed head leaves the house: the backup medium, mail, another server."""

import http.client
import os
import smtplib
import ssl
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from email.message import EmailMessage
from pathlib import Path

import msgspec

from broker.journal.signed_head import SignedHead
from broker.settings import HeadSettings, HubSettings
from shared.errors import OperatorError
from shared.words import Sentence

ANSWER_WITHIN_S = 20.0
_MOST_BYTES = 1 << 16
Way = Callable[[SignedHead], None]
"""Brings a head out. It raises an ``OSError`` or ``OperatorError`` that says what is wrong."""


def ways_of(settings: HubSettings) -> Mapping[str, Way]:
    """The ways that the site chose, by name."""
    return dict(_ways(settings))


def _ways(settings: HubSettings) -> Iterator[tuple[str, Way]]:
    heads, name = settings.heads, settings.site_name
    if settings.backup_dir is not None:
        path = medium_file(settings)
        yield "medium", lambda head: append(path, head)
    if heads.mail_to:
        yield "mail", lambda head: mail(heads, name, settings.staff_language, head)
    if url := heads.webhook_url:
        yield "webhook", lambda head: post(url, name, settings.staff_language, head)


def medium_file(settings: HubSettings) -> Path:
    """The file on the backup medium, with a line a day."""
    return Path(settings.backup_dir or "", f"{settings.site}-heads.txt")


def append(path: Path, head: SignedHead) -> None:
    """Add a line to the file, once; it is on the medium when this returns."""
    if not path.parent.is_dir():
        raise OperatorError("error.backup_folder", folder=path.parent)
    if path.exists() and head.text in path.read_text(encoding="utf-8", errors="replace"):
        return
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{head.text}\n")
        file.flush()
        os.fsync(file.fileno())


def mail(settings: HeadSettings, site_name: str, language: str, head: SignedHead) -> None:
    """Send it by mail; the line is an attachment too, which no program wraps."""
    letter = EmailMessage()
    letter["Subject"] = _title(site_name, language, head)
    letter["From"] = settings.mail_from or settings.smtp_username
    letter["To"] = ", ".join(settings.mail_to)
    letter.set_content(f"{_explained(language)}\n\n{head.text}\n")
    name = f"{head.site}-{head.on}.txt"
    letter.add_attachment(f"{head.text}\n", filename=name, cte="7bit")
    with _connected(settings) as server:
        if settings.smtp_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_username:
            server.login(settings.smtp_username, settings.smtp_password)
        server.send_message(letter)


def _connected(settings: HeadSettings) -> smtplib.SMTP:
    """The mail server; over TLS only one that is trusted, which smtplib leaves to us."""
    where = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(*where, timeout=ANSWER_WITHIN_S, context=context)
    return smtplib.SMTP(*where, timeout=ANSWER_WITHIN_S)


def post(url: str, site_name: str, language: str, head: SignedHead) -> None:
    """Post it as JSON, in the form that the group robots of WeCom and DingTalk take."""
    said = f"{_title(site_name, language, head)}\n{head.text}"
    body = msgspec.json.encode({"msgtype": "text", "text": {"content": said}, "head": head.text})
    asked = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method="POST")
    try:
        with urllib.request.urlopen(asked, timeout=ANSWER_WITHIN_S) as answer:
            told = answer.read(_MOST_BYTES)
    except http.client.HTTPException as error:
        raise OSError(str(error) or type(error).__name__) from error
    _refuse_errors(told)


class _RobotSays(msgspec.Struct):
    """How robots answer: with status 200 even when they refuse."""

    errcode: int = 0
    errmsg: str = ""


def _refuse_errors(told: bytes) -> None:
    try:
        answer = msgspec.json.decode(told, type=_RobotSays)
    except msgspec.DecodeError:
        return  # another server, which says with its status what it thinks
    if answer.errcode:
        raise OSError(f"{answer.errcode} {answer.errmsg}")


def _title(site_name: str, language: str, head: SignedHead) -> str:
    said = Sentence("head.title", site=site_name, on=head.on, seq=head.seq)
    return said.in_language(language)


def _explained(language: str) -> str:
    return Sentence("head.keep").in_language(language)
