"""A head office, and a site that joined it."""

import re
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg
from flask.testing import FlaskClient

from broker.head_office.site_store import SiteStore
from broker.shipping.membership import Membership, read_membership
from broker.shipping.shipper import Shipper
from broker.shipping.way_up import WayUp
from broker.site_key.signing import FILE_NAME, Signer, make_signer
from shared.clock import now
from tests.broker.backup.office import Office
from tests.fakes import SITE


@dataclass(frozen=True, slots=True)
class Group:
    database_url: str
    url: str

    def invite(self, site: str = SITE) -> str:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return SiteStore(connection).invite(site, now())

    def join(self, office: Office) -> Membership:
        """The site joins by the commands that people type."""
        assert office.run("ship", "--join", self.url, "--code", self.invite()) == 0
        member = read_membership(office.place.config)
        assert member is not None
        return member

    def rows(self, sql: str) -> list[Any]:
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(sql.encode()).fetchall()

    def hashes(self) -> list[str]:
        """Of the site's journal as it stands above, in order."""
        rows = self.rows(
            "select distinct on (seq) entry.hash from entry join site using (site)"
            " where seq <= stored_through order by seq, entry.epoch desc"
        )
        return [digest for (digest,) in rows]


def signer_of(office: Office) -> Signer:
    return make_signer(office.place.config / FILE_NAME)


def hashes_of(office: Office) -> list[str]:
    return [digest for (digest,) in office.rows("select hash from journal order by seq")]


def shipper_of(office: Office, way: Any, member: Membership) -> Shipper:
    return Shipper(office.file, member.site, way, signer_of(office), lambda: 0.0)


def ship_all(office: Office, member: Membership) -> None:
    """As often as it takes until nothing waits."""
    with closing(WayUp.of(member)) as way:
        shipper = shipper_of(office, way, member)
        for _ in range(len(hashes_of(office)) // 100 + 2):
            shipper.step()


def enter(browser: FlaskClient, code: str) -> int:
    page = browser.get("/login").text
    (csrf,) = set(re.findall(r'name="csrf" value="([^"]+)"', page))
    return browser.post("/login", data={"csrf": csrf, "code": code}).status_code
