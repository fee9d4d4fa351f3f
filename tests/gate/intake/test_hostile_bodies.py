"""Whatever is posted to a gate: it is kept as it came, answered, and the gate goes on."""

import re
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gate.vendors.adapters import ADAPTERS
from gate.vendors.body import BadBodyError, Body
from gate.vendors.secrets_out import fit_to_keep
from tests.bench.vendor_cameras.spoil import endure
from tests.gate.intake.bodies import (
    axis,
    dahua,
    frigate,
    openalpr,
    platerecognizer,
    posted,
    zhenshi,
)

NOT_KEPT = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n\x1a|RIFF....WEBP|pass_?wd|pass_?word|pwd|secret",
    re.DOTALL | re.IGNORECASE,
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
WHOLE: dict[str, Callable[[], object]] = {
    "zhenshi": zhenshi,
    "dahua": dahua,
    "frigate": frigate,
    "platerecognizer": lambda: platerecognizer(("浙a12345", 0.9)),
    "openalpr": openalpr,
    "axis": axis,
}


@pytest.mark.parametrize("source", sorted(ADAPTERS))
def test_spoilt_bodies_are_kept_and_answered_and_nothing_breaks(source: str) -> None:
    assert endure(source, 120, seed=7) == []


@pytest.mark.parametrize("source", sorted(WHOLE))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_value_in_any_place_is_understood_or_said_not_to_be(
    source: str, data: st.DataObject
) -> None:
    tree = WHOLE[source]()
    here = tree
    while isinstance(here, dict) and here:
        key = data.draw(st.sampled_from(sorted(here)))
        if not isinstance(here[key], dict) or data.draw(st.booleans()):
            here[key] = data.draw(VALUES)
            break
        here = here[key]
    try:
        body = posted(f"/in/{source}", tree)
    except UnicodeEncodeError:  # half a surrogate cannot be sent
        return
    try:
        understood = ADAPTERS[source].understand(body)
    except BadBodyError:
        return
    for read in understood.reads:
        assert 0 <= read.confidence <= 1
        assert len(read.plate) <= 16
        assert read.key


@pytest.mark.parametrize("source", sorted(ADAPTERS))
@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=300), kind=st.text(max_size=30))
def test_any_bytes_are_understood_or_said_not_to_be(source: str, data: bytes, kind: str) -> None:
    try:
        ADAPTERS[source].understand(Body(data, "/", kind))
    except BadBodyError:
        return


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_what_holds_no_secret_and_no_picture_is_kept_as_it_is(data: bytes) -> None:
    assume(not NOT_KEPT.search(data))
    assert fit_to_keep(data) == data
