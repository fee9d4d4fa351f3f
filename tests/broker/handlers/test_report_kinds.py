from broker.handlers.report_kinds import REPORTS
from shared.messages import ReportKind


def test_every_kind_of_report_has_a_row_and_is_a_matter_of_the_rules_or_a_service() -> None:
    assert set(REPORTS) == set(ReportKind)
    unclear = [kind for kind, row in REPORTS.items() if (row.asks is None) == (row.service is None)]
    assert unclear == []
