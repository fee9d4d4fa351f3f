"""Which colours can be read on each other, and that no page names one beside the tokens."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.colour import READABLE, contrast, readable

ROOT = Path(__file__).parents[2]
GROUND, WHITE = "#f8f1e7", "#ffffff"
TOKENS = ROOT / "shared/static/look/tokens.css"
SHEETS = [
    sheet
    for program in ("broker", "gate", "kiosk", "shared")
    for sheet in (ROOT / program).rglob("*.css")
    if sheet != TOKENS
]
A_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(")
USED = re.compile(r"var\((--[a-z0-9-]+)")
MADE = re.compile(r"(--[a-z0-9-]+)\s*:")
colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def test_contrast_is_what_the_guidelines_say() -> None:
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#767676", WHITE) == pytest.approx(4.54, abs=0.01)


@given(colours)
def test_what_is_proposed_can_be_read_and_what_can_be_read_is_left_alone(colour: str) -> None:
    proposed = readable(colour, GROUND, WHITE)
    assert contrast(proposed, GROUND) >= READABLE
    assert readable(proposed, GROUND, WHITE) == proposed
    if contrast(colour, GROUND) >= READABLE:
        assert proposed == colour


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_only_the_tokens_name_a_colour_and_a_page_uses_only_what_is_one(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    assert A_COLOUR.findall(text) == []
    made = set(MADE.findall(TOKENS.read_text(encoding="utf-8") + text))
    assert set(USED.findall(text)) - made == set()
