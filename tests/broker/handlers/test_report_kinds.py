from broker.handlers.report_kinds import REPORTS
from broker.rules.reported import DOES
from shared.messages import ReportKind

ONLY_KEPT = {ReportKind.WISHES}
"""Nobody needs to hear of it."""


def test_every_kind_of_report_has_a_row_and_something_follows_from_it() -> None:
    assert set(REPORTS) == set(DOES) == set(ReportKind)
    idle = {
        kind
        for kind, row in REPORTS.items()
        if not (row.asks or row.service or row.tells or row.ticks or row.of_pass)
    }
    assert idle == ONLY_KEPT


def test_the_older_name_of_the_show_flat_is_the_same() -> None:
    assert REPORTS[ReportKind.SHOWFLAT] is REPORTS[ReportKind.SHOW_FLAT]
