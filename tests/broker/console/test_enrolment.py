"""How phones learn to trust the site, and which way their pages then go."""

import plistlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from broker.certificates.keeping import authority_in, fingerprint
from broker.console.app import create_app
from broker.console.enrolment import profile_of
from broker.console.secure_view import Secure
from shared.words import LANGUAGES
from tests.broker.console.conftest import SECRET, Browser
from tests.broker.console.fake_site import FakeSite, StandingClock
from tests.certified import certified

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 15) Chrome/131.0 Mobile Safari/537.36"
SECURE = Secure(page_port=8443, plain_port=8080, mqtt_port=8884, authority=b"der")


@pytest.fixture
def site() -> FakeSite:
    return replace(FakeSite(), secure=SECURE)


def page(app: Flask, agent: str = ANDROID, language: str | None = None) -> str:
    client = app.test_client()
    if language is not None:
        with client.session_transaction() as session:
            session["language"] = language
    answer = client.get("/secure", headers={"User-Agent": agent, "Host": "192.0.2.10:8080"})
    assert answer.status_code == 200
    return answer.text


def test_whoever_is_not_logged_in_sees_the_steps_of_their_own_phone(app: Flask) -> None:
    opened = re.compile(r'<details data-testid="(\w+)" open>')
    assert opened.findall(page(app, IPHONE)) == ["apple"]
    assert opened.findall(page(app, ANDROID)) == ["android"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_steps_name_what_the_phone_shows_in_each_language(app: Flask, language: str) -> None:
    shown = page(app, language=language)
    assert f'lang="{language}"' in shown
    assert "site-ca.crt" in shown
    assert "site-ca.mobileconfig" in shown
    assert fingerprint(b"der") in shown
    assert "{" not in re.sub(r"<[^>]*>", "", shown)


def test_the_steps_lead_to_the_secure_page_of_the_same_host(app: Flask) -> None:
    assert 'data-way="https://192.0.2.10:8443/handheld"' in page(app)


def test_the_certificate_comes_in_both_forms_with_the_types_that_phones_know(app: Flask) -> None:
    android = app.test_client().get("/secure/site-ca.crt")
    assert android.data == b"der"
    assert android.mimetype == "application/x-x509-ca-cert"
    apple = app.test_client().get("/secure/site-ca.mobileconfig")
    assert apple.mimetype == "application/x-apple-aspen-config"
    (payload,) = plistlib.loads(apple.data)["PayloadContent"]
    assert payload["PayloadType"] == "com.apple.security.root"
    assert payload["PayloadContent"] == b"der"


def test_a_profile_that_is_taken_twice_replaces_itself_and_another_site_s_does_not() -> None:
    def ids(authority: bytes) -> list[str]:
        return re.findall(rb"[0-9A-F-]{36}", profile_of(authority, "西湖壹号"))

    assert ids(b"one") == ids(b"one")
    assert set(ids(b"one")).isdisjoint(ids(b"two"))


def test_a_phone_that_trusts_is_sent_on_and_so_is_every_phone_of_a_known_authority(
    app: Flask,
) -> None:
    secure = app.test_client().get("/secure", base_url="https://192.0.2.10:8443")
    assert secure.location == "https://192.0.2.10:8443/handheld"
    public = create_app(
        replace(FakeSite(), secure=replace(SECURE, authority=None)), SECRET, StandingClock()
    )
    sent = public.test_client().get("/secure", base_url="http://hub.example.org:8080")
    assert sent.location == "https://hub.example.org:8443/handheld"
    assert public.test_client().get("/secure/site-ca.crt").status_code == 404


def test_without_tls_there_is_nothing_to_trust_and_pages_say_that_they_are_plain() -> None:
    plain = create_app(FakeSite(), SECRET, StandingClock()).test_client()
    for path in ("/secure", "/secure/site-ca.crt", "/secure/site-ca.mobileconfig"):
        assert plain.get(path).status_code == 404
    log_in = plain.get("/login").text
    assert 'data-testid="plain"' in log_in
    assert "/secure" not in log_in


def test_a_plain_page_offers_the_way_and_a_secure_one_does_not(app: Flask) -> None:
    assert 'href="/secure"' in app.test_client().get("/login").text
    secure = app.test_client().get("/login", base_url="https://192.0.2.10:8443").text
    assert 'data-testid="plain"' not in secure


def test_the_manager_shows_a_code_that_leads_to_the_plain_page(
    manager: Browser, consultant: Browser
) -> None:
    assert consultant.get("/secure/code").status_code == 403
    shown = manager.get("/secure/code").text
    assert re.search(r'data-url="http://[^"]+:8080/secure"', shown)
    assert fingerprint(b"der") in shown


def test_a_page_is_told_the_port_of_its_own_kind(app: Flask) -> None:
    for scheme, port in (("http", 1884), ("https", 8884)):
        client = app.test_client()
        base = f"{scheme}://192.0.2.10"
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/login", base_url=base).text)
        assert token
        client.post(
            "/login", base_url=base, data={"csrf": token[1], "staff_id": "li", "pin": "1357"}
        )
        assert client.get("/api/account", base_url=base).get_json()["ws_port"] == port


def test_the_fingerprint_is_that_of_the_certificate_that_is_handed_out(tmp_path: Path) -> None:
    der = authority_in(certified(tmp_path).folder)
    assert der is not None
    shown = page(
        create_app(
            replace(FakeSite(), secure=replace(SECURE, authority=der)), SECRET, StandingClock()
        )
    )
    assert fingerprint(der) in shown
