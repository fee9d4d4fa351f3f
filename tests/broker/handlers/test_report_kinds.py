from broker.handlers.report_kinds import REPORTS
from shared.messages import ReportKind


def test_every_kind_of_report_has_a_row_and_something_follows_from_it() -> None:
    assert set(REPORTS) == set(ReportKind)
    only_kept = [
        kind
        for kind, row in REPORTS.items()
        if row.asks is None and row.service is None and row.tells is None
    ]
    assert only_kept == [ReportKind.DUTY_DONE]
