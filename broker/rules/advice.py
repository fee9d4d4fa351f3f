"""What a site may not choose, and what to write instead."""

from shared.words import Sentence


class AdviceError(ValueError):
    """A value of the house rules that cannot hold; said on a page, and in a file with its line."""

    def __init__(self, key: str, advice: Sentence) -> None:
        self.key, self.advice = key, advice
        super().__init__(f"`{key}`: {advice}")


MOST = {"_days": 3_650, "_s": 604_800, "_minutes": 10_080, "_hour": 100_000, "_a_day": 100_000}
"""No site needs more, and a date so far off could not be reckoned; by the end of the key."""


def require_no_more(choices: object, keys: tuple[str, ...], most: int | None = None) -> None:
    """Refuse a number that is beyond reckoning.

    Raises:
        AdviceError: names the key.
    """
    for key in keys:
        value = getattr(choices, key)
        if not isinstance(value, int) or isinstance(value, bool):
            continue
        limit = most or next((many for end, many in MOST.items() if key.endswith(end)), value)
        if value > limit:
            raise AdviceError(key, Sentence("advice.at_most", most=limit))
