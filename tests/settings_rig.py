"""A hub and its pages of settings, at which managers sit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from werkzeug.test import TestResponse

from broker.console.app import create_app
from broker.console.tickets import login_path
from broker.handlers.context import Hub
from broker.handlers.table import let_time_pass
from broker.hub.opening import open_hub
from broker.journal.entries import FILE_NAME
from broker.journal.replay import replay
from broker.journal.verify import problems
from broker.queries.overview import HubSite
from broker.rules.policy import Policy
from broker.settings import HubSettings
from broker.site_file import SitePeople, Staff
from broker.store.rebuilt import differences
from shared.config import MqttSettings
from shared.messages import NodeKind, NodeState, NodeStatus
from tests.broker.console.own_page import HubAtHand
from tests.fakes import SITE, FakeClock
from tests.hub_fixtures import PEOPLE

SECRET = "a key for tests only"
SECOND = Staff(id="he", name="何经理", roles=("manager",), pin="7777")
TWO_MANAGERS = replace(PEOPLE, staff=(*PEOPLE.staff, SECOND))
_OF_EVERY_PAGE = ("/language", "/logout")
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Manager:
    """A manager's browser."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, path: str) -> TestResponse:
        """The page."""
        return self.client.get(path)

    def post(self, path: str, values: Mapping[str, str | list[str]]) -> TestResponse:
        """The answer to a form, sent with the page's token."""
        token = re.search(r'name="csrf" value="([^"]+)"', self.get("/login").text)
        assert token
        return self.client.post(path, data={"csrf": token[1], **values})

    def fill_in(self, page: TestResponse | str, **values: str | list[str]) -> TestResponse:
        """The answer to the page's form with these values; ``__`` in a name stands for a dot."""
        path = page if isinstance(page, str) else page.request.path
        text = self.get(page).text if isinstance(page, str) else page.text
        named = {name.replace("__", "."): value for name, value in values.items()}
        return self.post(path, {**typed_in(text), **named})


def typed_in(text: str) -> dict[str, str | list[str]]:
    """What the fields of the page's forms hold, as a browser would send it."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<(?:input|select|option)[^>]*>", text):
        name = re.search(r' name="([^"]*)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        if tag.startswith("<select"):
            chosen = name[1] if name else ""
            continue
        if tag.startswith("<option"):
            if " selected" in tag and value:
                found.setdefault(chosen, []).append(unescaped(value[1]))
            continue
        is_off = 'type="checkbox"' in tag and " checked" not in tag
        if name and name[1] != "csrf" and not is_off:
            found.setdefault(name[1], []).append(unescaped(value[1] if value else ""))
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def forms_in(text: str) -> list[tuple[str | None, dict[str, str | list[str]]]]:
    """The forms that a page sends: the address, None being the page's own, and the fields."""
    found = []
    for attributes, inner in re.findall(r"<form([^>]*)>(.*?)</form>", text, re.DOTALL):
        to = re.search(r' action="([^"]*)"', attributes)
        if 'method="post"' in attributes and (to is None or to[1] not in _OF_EVERY_PAGE):
            found.append((unescaped(to[1]) if to else None, typed_in(inner)))
    return found


def unescaped(text: str) -> str:
    """The text that stands in an attribute."""
    for mark, said in (
        ("&#34;", '"'),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ):
        text = text.replace(mark, said)
    return text


@dataclass
class SettingsRig:
    """The hub in ``folder``, and its pages."""

    folder: Path
    people: SitePeople = TWO_MANAGERS
    policy: Policy = field(default_factory=Policy)
    clock: FakeClock = field(default_factory=FakeClock)
    codes: int = 0

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """The hub starts."""
        self.hub: Hub = open_hub(self.folder, self.people, self.policy, self.clock)
        settings = HubSettings(
            site=SITE,
            site_name="西湖雅苑",
            data_dir=str(self.folder),
            site_file="",
            accounts_file=str(self.folder / "accounts.json"),
            secret_key=SECRET,
            listen_host="127.0.0.1",
            pictures_dir=str(self.folder / "pictures"),
            mqtt=MqttSettings(username="hub", password="p"),
        )
        self.site = HubSite(settings, self.hub, HubAtHand(self.hub), self.folder)
        self.app = create_app(self.site, SECRET, self.clock, log_ins=self.hub.log_ins)

    def hear_kiosk(self, **seen_s: int) -> None:
        """A kiosk's program is there, and so are tablets of it: seen so many seconds ago."""
        status = NodeStatus(
            node_id="lobby",
            kind=NodeKind.KIOSK,
            state=NodeState.ONLINE,
            at=self.clock(),
            version="9.9",
            enters_at="http://192.0.2.7:18832",
            tablets=seen_s,
        )
        self.hub.presence.note(status, self.clock())

    def restart(self) -> None:
        """The hub ends and starts again."""
        self.hub.inbox.db.close()
        self.start()

    def manager(self, staff_id: str = "chen", pin: str = "6666") -> Manager:
        """Somebody who logged in with their PIN."""
        person = Manager(self.app)
        assert person.post("/login", {"staff_id": staff_id, "pin": pin}).status_code == 303
        return person

    def by_code(self, staff_id: str) -> Manager:
        """Somebody who logged in with a QR code."""
        person, until = Manager(self.app), self.clock() + timedelta(minutes=5)
        self.codes += 1
        path = login_path(SECRET, staff_id, until, str(self.codes))
        assert person.get(path).status_code == 200
        return person

    def pass_s(self, seconds: float) -> None:
        """So much time passes."""
        self.clock.pass_s(seconds)
        let_time_pass(self.hub)

    def changes(self) -> int:
        """How many changes the journal has."""
        found = self.hub.inbox.db.execute(
            "select count(*) from journal where kind = 'SettingsChange'"
        ).fetchone()
        return int(found[0])

    def assert_sound(self) -> None:
        """The file is whole, and everything in it is decided again as it was."""
        self.hub.journal.seal()
        path, said = self.folder / FILE_NAME, list[str]()
        assert replay(path, said.append) == 0, said
        assert not list(problems(path))
        assert not list(differences(path))
