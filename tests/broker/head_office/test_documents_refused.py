"""A document that the hub refuses keeps no other back, and head office sees why it was refused."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace

from broker.head_office.document_store import DocumentStore, office_signer
from broker.head_office.drafts import Draft
from broker.head_office.group_view import GroupView
from broker.head_office.readers import OfficeReader
from broker.shipping.documents_pull import DocumentsPull
from broker.shipping.membership import read_membership
from broker.shipping.site_report import Reporter
from broker.shipping.way_up import WayUp
from broker.site_key.key import FILE_NAME as SITE_KEY
from broker.site_key.signing import Signer
from shared.errors import MessageError
from tests.broker.backup.office import Office
from tests.broker.head_office.group import Group
from tests.broker.head_office.office_words import settings_of
from tests.fakes import NINE, SITE

pytestmark = pytest.mark.slow

BAD = Draft(name="bad", valid_from=NINE, binding={"staff": {"li": {"name": "li"}}})
GOOD = Draft(name="good", valid_from=NINE, binding={"policy": {"protection_days": 21}})
READER = OfficeReader("reader", "figures", ("*",))


@dataclass(frozen=True, slots=True)
class Above:
    """A head office that publishes, and what it sees of the site."""

    connection: psycopg.Connection
    signer: Signer

    def publish(self, draft: Draft) -> None:
        DocumentStore(self.connection).publish(draft, ("*",), self.signer)

    def refusals(self) -> list[tuple[str, int]]:
        found = GroupView(self.connection, READER).refusals(SITE)
        return [(one.name, one.version) for one in found]

    def alarms(self) -> list[int]:
        return [one.alarms for one in GroupView(self.connection, READER).sites(NINE.date())]


def test_what_is_refused_is_seen_above_until_another_version_comes(
    group: Group, office: Office, tmp_path: Path
) -> None:
    taken = list[str]()

    def hand_over(asked: Any) -> None:
        if asked.document.name == "bad":
            raise MessageError("error.message_kind", kind="staff")
        taken.append(asked.document.name)

    with psycopg.connect(group.database_url, autocommit=True) as connection:
        above = Above(connection, office_signer(settings_of(group, tmp_path)))
        DocumentStore(connection).trust(above.signer)
        with closing(WayUp.of(group.join(office))) as way:
            pull, reporter = beside(way, office, hand_over)
            above.publish(BAD)
            above.publish(GOOD)
            reporter.step(0.0)
            assert above.refusals() == []
            pull.step(0.0)
            reporter.step(1.0)  # at once, not within the hour
            assert taken == ["good"]
            assert (above.refusals(), above.alarms()) == ([("bad", 1)], [1])
            above.publish(replace(BAD, binding={}))
            assert (above.refusals(), above.alarms()) == ([], [0])


def test_what_was_refused_and_is_taken_after_all_is_no_longer_told(
    group: Group, office: Office, tmp_path: Path
) -> None:
    answers = [MessageError("error.message_kind", kind="staff"), None]

    def hand_over(_asked: Any) -> None:
        if problem := answers.pop(0):
            raise problem

    with psycopg.connect(group.database_url, autocommit=True) as connection:
        above = Above(connection, office_signer(settings_of(group, tmp_path)))
        DocumentStore(connection).trust(above.signer)
        with closing(WayUp.of(group.join(office))) as way:
            pull, reporter = beside(way, office, hand_over)
            above.publish(BAD)
            for at_s, wanted in ((0.0, [("bad", 1)]), (60.0, [])):
                pull.step(at_s)
                reporter.step(at_s)
                assert above.refusals() == wanted


def beside(
    way: WayUp, office: Office, hand_over: Callable[[Any], None]
) -> tuple[DocumentsPull, Reporter]:
    """What runs beside the shipper."""
    folder = office.place.hub
    member = read_membership(office.place.config)
    assert member is not None
    pull = DocumentsPull(folder, member, way, hand_over, office.place.config / SITE_KEY)
    return pull, Reporter(folder, SITE, way, lambda: NINE, pull.refused)
