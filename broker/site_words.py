"""The house's own words, in each language: its drinks, seats, places and reasons to be away.

A message carries a word's key; whoever reads it gets the name in their language. What a person
typed freely stays as it was typed.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain

from shared.config import Settings
from shared.messages import NodeId, Text
from shared.words import LANGUAGES, Words, read_words

Names = Mapping[str, str]
"""The names of a word, by language tag."""
SiteWords = Mapping[str, Names]
"""By key and by each name, because older phones and tablets send the name that they showed."""


class SiteWord(Settings, frozen=True, kw_only=True, rename={"zh_cn": "zh-CN", "zh_tw": "zh-TW"}):
    """A word that the site offers; a language that is left out has the usual name."""

    key: NodeId
    zh_cn: Text | None = None
    en: Text | None = None
    zh_tw: Text | None = None

    def given(self) -> Names:
        """The names that the site gave."""
        names = zip(LANGUAGES, (self.zh_cn, self.en, self.zh_tw), strict=True)
        return {tag: name for tag, name in names if name}


def usual(*keys: str) -> tuple[SiteWord, ...]:
    """Words that the catalogue names."""
    return tuple(SiteWord(key=key) for key in keys)


DRINKS = usual("green_tea", "black_tea", "coffee", "lemonade", "warm_water")
SEATS = usual("talks_area", "model_area", "vip_room")
PICK_UPS = usual("front_door", "show_flat", "car_park")
AWAY_REASONS = usual("meal", "restroom", "out")


def words_of(offered: Iterable[SiteWord], posts: Iterable[SiteWord]) -> SiteWords:
    """The names of what the site offers, and of posts that it renames, as ``role.bar``.

    The usual words are always included, because somebody may have sent them before.
    """
    catalogue = read_words("broker")
    known = (*usual(*_usual_keys(catalogue)), *offered)
    words = {word.key: _names(word, f"house.{word.key}", catalogue) for word in known}
    by_name = {name: names for names in words.values() for name in names.values()}
    called = {f"role.{post.key}": _names(post, f"role.{post.key}", catalogue) for post in posts}
    return by_name | words | called


@cache
def usual_words() -> SiteWords:
    """The names at a site that has no words of its own."""
    return words_of((), ())


def site_word(words: SiteWords, text: str, language: str) -> str:
    """The name of the word ``text``; ``text`` itself if the house has no such word."""
    return words[text][language] if text in words else text


def _usual_keys(catalogue: Words) -> list[str]:
    return [key.removeprefix("house.") for key in catalogue.groups(["house"], "en")]


def _names(word: SiteWord, usual_key: str, catalogue: Words) -> Names:
    """In every language: the site's name, else the usual name, else a name in any language."""
    given = word.given()
    if usual_key in catalogue:
        return {tag: given.get(tag) or catalogue.say(usual_key, tag) for tag in LANGUAGES}
    any_name = next(chain(given.values(), [word.key]))
    return {tag: given.get(tag, any_name) for tag in LANGUAGES}
