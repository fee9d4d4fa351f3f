"""Random forms at the pages of settings; ``python -m tests.bench settings_forms`` sends more."""

from pathlib import Path

import pytest

from tests.bench.settings_forms import send_forms

FORMS = 100


@pytest.mark.slow
def test_no_form_fails_changes_half_or_keeps_the_hub_from_starting(tmp_path: Path) -> None:
    done = send_forms(tmp_path, FORMS)
    assert done.seen.total() >= FORMS
    assert done.changed
    assert done.seen[422]
