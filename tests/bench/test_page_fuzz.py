"""Strange requests at every page; ``python -m tests.bench page_fuzz`` asks many more."""

from pathlib import Path

import pytest
from flask import Flask

from tests.bench.page_fuzz import Target, fuzz
from tests.bench.page_targets import CANARIES, targets
from tests.kiosk.house import OPENED

WALKS = 60


@pytest.mark.slow
def test_no_strange_request_fails_or_shows_another_visitor(tmp_path: Path) -> None:
    for target in targets(tmp_path):
        fuzz(target, WALKS)
        assert target.seen.total() > WALKS
        assert target.seen[200]
    while OPENED:
        OPENED.pop().close()


def test_an_answer_with_another_visitor_s_name_is_found() -> None:
    app = Flask("leaky")
    app.config["SECRET_KEY"] = "for the session"
    app.add_url_rule("/all", view_func=lambda: CANARIES[0])
    with pytest.raises(AssertionError, match="in the answer to"):
        fuzz(Target("leaky", app, lambda _: None, CANARIES, ()), WALKS)


def test_a_failure_is_found() -> None:
    app = Flask("broken")
    app.config["SECRET_KEY"] = "for the session"
    app.add_url_rule("/all", view_func=lambda: str(1 // 0))
    with pytest.raises(AssertionError, match="500"):
        fuzz(Target("broken", app, lambda _: None, CANARIES, ()), WALKS)
