"""Whose second channel is which: by ``phones.toml``, and by the manager's page before it."""

import logging
import re
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from unicodedata import normalize

import msgspec

from broker.console.channel_view import REPORTS, ShownChannel
from broker.phones.rings import Ring
from broker.phones.settings import Channel, Link, PhoneSettings
from shared.replacing import replace_file

log = logging.getLogger(__name__)

FILE_NAME = "phones.json"
KINDS = ("ntfy", "gotify", "bark", "wecombot", "dingtalk")
"""What a page may choose: the site's own servers (with TLS if an ``s`` follows) and two bots.

The file may name anything that Apprise knows; who writes it has the machine.
"""
_OFFERED = re.compile(rf"({'|'.join(KINDS)})s?://[!-~]+")


class _ByPage(msgspec.Struct, frozen=True):
    """What pages chose; None: nothing, though the file may say something."""

    link: Link = ""
    people: dict[str, Channel | None] = {}


class Channels:
    """See ``ChannelDesk``. Any thread may ask: what it reads is replaced and never changed."""

    def __init__(
        self, of_file: PhoneSettings, folder: Path, send: Callable[[Ring], bool], brand: str
    ) -> None:
        """``send``: hands one message over at once, and says whether it was taken."""
        self._of_file, self._path = of_file, folder / FILE_NAME
        self._send, self._brand = send, brand
        self._lock, self._chosen = Lock(), _read(self._path)

    def settings(self) -> PhoneSettings:
        """What holds now."""
        of_file, chosen = self._of_file, self._chosen
        people = {**of_file.people, **chosen.people}
        return msgspec.structs.replace(
            of_file,
            link=of_file.link or chosen.link,
            people={name: channel for name, channel in people.items() if channel is not None},
        )

    def of(self, staff_id: str) -> ShownChannel:
        """See ChannelDesk."""
        found = self.settings().people.get(staff_id)
        return _shown(found) if found else ShownChannel()

    def choose(self, staff_id: str, wanted: ShownChannel, link: str) -> str | None:
        """See ChannelDesk."""
        was = self.settings().people.get(staff_id)
        is_kept = wanted.url in ("", was.url if was else "")
        if not (is_kept or _OFFERED.fullmatch(wanted.url)):
            return "url"
        spans = re.findall(r"[\w:-]+", normalize("NFKC", wanted.quiet))
        before = was.reports if was else ()
        reports = before if wanted.reports is None else wanted.reports
        more = {f"has_{name}_report": name in reports for name in REPORTS}
        channel = {"url": wanted.url, "quiet": spans, **more} if wanted.url else None
        try:
            kept = msgspec.convert({"link": link, "people": {staff_id: channel}}, _ByPage)
        except msgspec.ValidationError as error:
            return "quiet" if "quiet" in str(error) else "url"
        with self._lock:
            people = {**self._chosen.people, **kept.people}
            chosen = _ByPage(kept.link or self._chosen.link, people)
            replace_file(self._path, msgspec.json.encode(chosen))
            self._chosen = chosen
        return None

    def try_out(self, staff_id: str, said: str) -> bool:
        """See ChannelDesk."""
        settings = self.settings()
        channel = settings.people.get(staff_id)
        if channel is None:
            return False
        body = "\n".join(filter(None, (said, settings.link)))
        return self._send(Ring(staff_id, channel.url, self._brand, body))


def _shown(channel: Channel) -> ShownChannel:
    return ShownChannel(channel.url, ", ".join(channel.quiet), channel.reports)


def _read(path: Path) -> _ByPage:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_ByPage)
    except FileNotFoundError:
        return _ByPage()
    except (OSError, msgspec.DecodeError) as error:
        log.warning("%s cannot be read, so nobody is rung by what pages chose: %s", path, error)
        return _ByPage()
