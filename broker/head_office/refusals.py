"""Documents that a site's hub did not take, and why: a person has to publish another (拒收)."""

from collections.abc import Sequence
from datetime import datetime

import psycopg

from broker.journal.shipment import GroupDocument, RefusedDocument


def keep_refused(
    connection: psycopg.Connection, site: str, refused: Sequence[RefusedDocument], at: datetime
) -> None:
    """Keep what the site refuses now.

    It offers its hub again what came behind the last document that it has, so of these one that is
    not told any more was taken. What lies before that was left for good.
    """
    connection.execute(
        "delete from document_refused using site where document_refused.site = site.site"
        " and site.site = %s and number >= documents_through and not number = any (%s)",
        [site, [one.number for one in refused]],
    )
    for one in refused:
        connection.execute(
            "insert into document_refused values (%s, %s, %s, %s, %s, %s)"
            " on conflict (site, number) do update set problem = excluded.problem",
            [site, one.number, one.name, one.version, one.problem, at],
        )


def forget_refusals(connection: psycopg.Connection, document: GroupDocument) -> None:
    """A later version takes the place of what was refused."""
    connection.execute(
        "delete from document_refused where name = %s and (%s = '' or site = %s)",
        [document.name, document.site, document.site],
    )
