"""The ways in which people and programs write one and the same key."""

from hypothesis import strategies as st

BLANKS = [" ", "\u00a0", "\u3000", "\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "-", "‐", "–"]
DOTS = ["·", "•", "・", "‧", "∙", "⋅", "･", ".", "．", "−", "_"]
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
TRADITIONAL = str.maketrans("粤琼沪辽苏闽赣鲁陕贵云宁晋领", "粵瓊滬遼蘇閩贛魯陝貴雲寧晉領")


def _apart(text: str, between: list[str]) -> st.SearchStrategy[str]:
    """``text`` with anything of ``between`` before, after and among its characters."""
    gaps = st.lists(
        st.sampled_from(["", "", *between]), min_size=len(text) + 1, max_size=len(text) + 1
    )
    return gaps.map(
        lambda found: "".join(gap + sign for gap, sign in zip(found, [*text, ""], strict=True))
    )


def _some_wide(text: str) -> st.SearchStrategy[str]:
    flags = st.lists(st.booleans(), min_size=len(text), max_size=len(text))
    return flags.map(
        lambda wide: "".join(
            sign.translate(FULL_WIDTH) if is_wide else sign
            for sign, is_wide in zip(text, wide, strict=True)
        )
    )


def phone_spellings(number: str) -> st.SearchStrategy[str]:
    """The ways to write a mainland mobile."""
    prefixes = st.sampled_from(["", "+86", "0086", "86", "(+86)", "+86 "])
    digits = _some_wide(number).flatmap(lambda text: _apart(text, BLANKS))
    return st.builds(lambda prefix, rest: prefix + rest, prefixes, digits)


def plate_spellings(plate: str) -> st.SearchStrategy[str]:
    """The ways to write a plate in its stored form."""
    cased = st.sampled_from([plate, plate.lower(), plate.translate(TRADITIONAL)])
    letters = cased.map(lambda text: text[:2] + text[2:].replace("0", "O").replace("1", "I"))
    texts = st.one_of(cased, letters).flatmap(_some_wide)
    return texts.flatmap(lambda text: _apart(text, BLANKS + DOTS))
