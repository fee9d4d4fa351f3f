"""Who may do what, as a person reads it: a line for each thing that may be asked."""

from collections.abc import Iterator

from broker.rules.authority import ACCESS, Grant
from shared.words import read_words


def access_lines(language: str) -> Iterator[str]:
    """``结束接待：接待人、归属人、案场管理岗``, for everything in the house's table."""
    say = read_words("broker").say
    for what, grants in ACCESS.items():
        names = dict.fromkeys(name for grant in grants for name in _names(grant, language))
        listed = say("alert_part.and", language).join(names)
        yield say("may_who.line", language, what=say(f"may.{what}", language), who=listed)


def _names(grant: Grant, language: str) -> Iterator[str]:
    """A relation to the visit says enough; else the posts, or everybody."""
    words = read_words("broker")
    if grant.relation is not None:
        keys = [f"may_who.{grant.relation}"]
    elif grant.posts is None:
        keys = ["may_who.anybody"]
    else:
        posts = sorted(grant.posts)
        keys = [f"role.{post}" if f"role.{post}" in words else f"may_who.{post}" for post in posts]
    for key in keys:
        yield words.say(key, language)
