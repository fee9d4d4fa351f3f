"""Strange requests at every page: no failure of ours, nothing of another visitor in an answer.

    python -m tests.bench.page_fuzz [--requests 4000]

Other visitors are planted first, each name, phone and plate of a kind that nothing else has. Then
hypothesis makes walks of requests: known and invented addresses, known and invented fields and
values, with the page's token and without. A walk that fails is made as short as it can be.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from shared.web_guard import csrf_token

WALK = 12
"""Requests of one browser, at most."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as hypothesis makes it; ``pick`` chooses among the addresses of the app."""

    method: str | None
    """None: one that the address takes."""
    pick: int
    part: str
    """Fills the variable part of an address."""
    query: dict[str, str]
    form: dict[str, str]
    is_signed: bool
    """With the page's token."""


@dataclass(frozen=True, slots=True)
class Target:
    """One application, the browser that asks it, and what its pages must never show."""

    name: str
    app: Flask
    log_in: Callable[[FlaskClient], None]
    canaries: tuple[str, ...]
    """Data of other visitors, which no answer may hold."""
    words: tuple[str, ...]
    """Values that mean something here."""
    before_walk: Callable[[], None] = lambda: None
    seen: Counter[int] = field(default_factory=Counter)
    """Answers by status."""


FIELDS = (
    *("answer", "consultant", "named_text", "card", "evidence", "arrival", "car", "consent"),
    *("plate", "phone", "surname", "salutation", "party_size", "skip", "language", "larger"),
    *("pin", "name", "whom", "number", "greeting", "privacy_contact", "staff_id", "lang"),
    *("drink.green_tea", "need.umbrella", "next", "said"),
)
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS")
VALUES = (
    *("yes", "no", "unsure", "1", "0", "99", "-1", "type", "none", "wechat", "unplated"),
    *("zh-CN", "en", "zh-TW", "13600136000", "浙A12345", "浙A", "张", "先生", "\x00", "’ or 1=1--"),
    *("<script>", "../../etc/passwd", "{{7*7}}", "%s", "9" * 400, "١", "\ud800"),
)


def requests(target: Target) -> st.SearchStrategy[list[Request]]:
    """A walk through ``target``."""
    texts = st.text(max_size=40)
    values = st.sampled_from((*VALUES, *target.words)) | texts
    forms = st.dictionaries(st.sampled_from(FIELDS) | texts, values, max_size=6)
    request = st.builds(
        Request,
        method=st.none() | st.none() | st.none() | st.sampled_from(METHODS),
        pick=st.integers(0, 200),
        part=values,
        query=st.dictionaries(st.sampled_from(FIELDS) | texts, values, max_size=2),
        form=forms,
        is_signed=st.integers(0, 9).map(bool),
    )
    return st.lists(request, min_size=1, max_size=WALK)


def walk(target: Target, way: Sequence[Request]) -> None:
    """Send the requests of a walk with a fresh browser.

    Raises:
        AssertionError: an answer is a failure, or holds what it must not.
    """
    target.before_walk()
    client = target.app.test_client()
    target.log_in(client)
    for request in way:
        with closing(_send(target.app, client, request)) as answer:
            shown = f"{answer.get_data(as_text=True)} {dict(answer.headers)}"
        target.seen[answer.status_code] += 1
        assert answer.status_code < 500, f"{target.name}: {answer.status_code} for {request}"
        told = [canary for canary in target.canaries if canary in shown]
        assert not told, f"{target.name}: {told} in the answer to {request}"


def _send(app: Flask, client: FlaskClient, request: Request) -> TestResponse:
    rules = sorted(app.url_map.iter_rules(), key=str)
    rule = rules[request.pick % len(rules)]
    with app.test_request_context():
        path = rule.build(dict.fromkeys(rule.arguments, _sendable(request.part) or "x"))
    form = {_sendable(name): _sendable(value) for name, value in request.form.items()}
    query = {_sendable(name): _sendable(value) for name, value in request.query.items()}
    if request.is_signed:
        with client.session_transaction() as session:
            form["csrf"] = str(session.get("csrf", ""))
    takes = "POST" if "POST" in (rule.methods or ()) else "GET"
    return client.open(
        path[1] if path else str(rule),
        method=request.method or takes,
        data=form,
        query_string=query,
    )


def _sendable(text: str) -> str:
    """Half a character pair can't be sent; the browser would replace it too."""
    return text.encode(errors="replace").decode()


def fuzz(target: Target, walks: int, start: int = 1) -> Target:
    """``walks`` walks of random requests; the first that fails raises, as short as it can be."""
    target.app.config["PROPAGATE_EXCEPTIONS"] = False

    @seed(start)
    @settings(
        max_examples=walks,
        deadline=None,
        database=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(requests(target))
    def all_walks(way: list[Request]) -> None:
        walk(target, way)

    all_walks()
    return target


def give_token(client: FlaskClient) -> None:
    """A browser that has seen a form has a token."""
    with client.application.test_request_context(), client.session_transaction() as session:
        session.setdefault("csrf", csrf_token())


def main() -> int:
    """Print what was asked and answered; a failure ends with its walk."""
    from tests.bench.page_targets import targets

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for target in targets(Path(folder)):
            while target.seen.total() < asked.requests:
                fuzz(target, 100, asked.seed + target.seen.total())
            answers = ", ".join(
                f"{count} × {status}" for status, count in sorted(target.seen.items())
            )
            print(f"{target.name}: {target.seen.total()} requests: {answers}")
    print("no failure, and nothing of another visitor")
    return 0


if __name__ == "__main__":
    sys.exit(main())
