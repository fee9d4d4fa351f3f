"""A browser without a screen at the staff's pages."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from broker.console.app import create_app
from broker.console.attempts import Attempts
from broker.console.parts import NAME, Parts
from tests.broker.console.fake_site import FakeSite, StandingClock

SECRET = "a key for tests only"


class Browser:
    """One phone or desk: keeps its cookies, sends the page's token like the page does."""

    def __init__(self, app: Flask, address: str = "192.0.2.50") -> None:
        self.client: FlaskClient = app.test_client()
        self._address = {"REMOTE_ADDR": address}

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, environ_base=self._address)

    def post(self, path: str, **fields: str | list[str]) -> TestResponse:
        token = re.search(r'name="csrf" value="([^"]+)"', self.get("/login").text)
        assert token
        data = {"csrf": token.group(1), **fields}
        return self.client.post(path, data=data, environ_base=self._address)

    def log_in(self, staff_id: str, pin: str, path: str = "/login") -> TestResponse:
        return self.post(path, staff_id=staff_id, pin=pin)


@pytest.fixture
def site() -> FakeSite:
    return FakeSite()


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def app(site: FakeSite, clock: StandingClock) -> Flask:
    app = create_app(site, SECRET, clock)
    usual: Parts = app.extensions[NAME]
    replace(usual, attempts=Attempts(clock.running_s)).put_into(app)
    return app


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def consultant(app: Flask) -> Browser:
    """李敏's phone, logged in."""
    phone = Browser(app, "192.0.2.51")
    assert phone.log_in("li", "1357").status_code == 303
    return phone


@pytest.fixture
def manager(app: Flask) -> Browser:
    """陈静's desk, logged in."""
    desk = Browser(app, "192.0.2.52")
    assert desk.log_in("chen", "8642").status_code == 303
    return desk
