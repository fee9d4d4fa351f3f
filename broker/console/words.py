"""What the staff's pages say, in the browser's language."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol

from flask import session

from broker.console.parts import parts
from shared.words import DEFAULT_LANGUAGE, capital, spoken

SCRIPT_GROUPS = (
    *("link", "alert", "act", "stage", "list", "time", "theme", "role", "state", "post"),
    *("panel", "cars", "guest", "expected", "turn", "waiting", "people", "look_up", "why"),
    *("form", "field", "channel", "ground", "skip", "plate", "console", "expiring", "unsent"),
    *("ladder", "text", "numbers", "parked", "orders", "today", "follow", "outcome"),
    *("purpose", "area", "budget", "source", "weather"),
)
"""The groups of sentences that the pages' scripts use."""


class Dated(Protocol):
    """Something with a moment."""

    @property
    def at(self) -> datetime:
        """When it was."""


def language() -> str:
    """The tag of this browser's language; Chinese until somebody chooses another."""
    return spoken(session.get("language"))


def say(key: str, **values: object) -> str:
    """The sentence ``key`` in this browser's language."""
    return parts().words.say(key, language(), **values)


def script_words() -> dict[str, str]:
    """The sentences for the page's script, with their placeholders."""
    tag = language()
    posts = {key: said[tag] for key, said in parts().site.words.items() if key.startswith("role.")}
    return parts().words.groups(SCRIPT_GROUPS, tag) | posts


def script_offers() -> dict[str, list[tuple[str, str]]]:
    """What the forms offer, by kind and in order: the value in a message, and the label.

    A form of address is sent in Chinese, as it stands in a name.
    """
    tag, site = language(), parts().site
    called = parts().words.groups(["salutation"], DEFAULT_LANGUAGE)
    offers = {
        kind: [(key, capital(site.words[key][tag])) for key in keys]
        for kind, keys in site.offered.items()
    }
    return {**offers, "salutations": [(said, say(key)) for key, said in called.items()]}


def named(group: str, name: str, tag: str) -> str:
    """The word for ``group.name``, as ``role.gate``; the site's own word if it has one.

    A name that is not known stays as it is.
    """
    key = f"{group}.{name}"
    if own := parts().site.words.get(key):
        return own[tag]
    return parts().words.say(key, tag) if key in parts().words else name


def word(group: str, name: str) -> str:
    """``named`` in this browser's language."""
    return named(group, name, language())


def role_words(roles: tuple[str, ...], tag: str | None = None) -> str:
    """``置业顾问、案场管理岗``, in the language ``tag`` or else this browser's."""
    tag = tag or language()
    comma = parts().words.say("list.comma", tag)
    return comma.join(named("role", role, tag) for role in roles)


def problem_words(problem: str | None) -> str:
    """What is wrong with a node; empty if nothing is."""
    return word("problem", problem) if problem else ""


def clock_time(moment: datetime) -> str:
    """``09:12``, on the site's clock."""
    return _local(moment).strftime("%H:%M")


def date_time(moment: datetime) -> str:
    """Site time, as ``2026-11-23 09:12``."""
    return _local(moment).strftime("%Y-%m-%d %H:%M")


def clock_time_s(moment: datetime) -> str:
    """``09:12:05``."""
    return _local(moment).strftime("%H:%M:%S")


def day(moment: datetime) -> str:
    """``11 月 23 日 星期一``."""
    local = _local(moment)
    weekday = say("day.weekdays").split()[local.weekday()]
    return say("day.text", month=local.month, day=local.day, weekday=weekday)


def last_day(until: datetime) -> str:
    """The last protected day, ``2026-12-08 24:00``; ``until`` is its last moment."""
    return f"{_local(until - timedelta(seconds=1)):%Y-%m-%d} 24:00"


def by_day(lines: Iterable[Dated]) -> list[tuple[datetime, list[Dated]]]:
    """The lines of each site day, in their order, with a moment of the day."""
    days = groupby(lines, key=lambda line: _local(line.at).date())
    grouped = [list(of_day) for _, of_day in days]
    return [(of_day[0].at, of_day) for of_day in grouped]


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago, in words: ``8 秒前``, ``3 分钟前``, ``09:12``."""
    if moment is None:
        return say("ago.never")
    seconds = max(0, int((now - moment).total_seconds()))
    if seconds < 60:
        return say("ago.seconds", seconds=seconds)
    return say("ago.minutes", minutes=seconds // 60) if seconds < 3600 else clock_time(moment)


def waited(moment: datetime | None, now: datetime) -> str:
    """How long ago, in its largest unit: ``8 秒前``, ``3 小时前``, ``12 天前``."""
    if moment is None:
        return "—"
    seconds = max(0, int((now - moment).total_seconds()))
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return say("span.before", span=say(f"span.{unit}", count=seconds // length))
    return say("span.before", span=say("span.seconds", count=seconds))


def span(length: timedelta) -> str:
    """``3:05``, as a phone counts; in hours where it is long."""
    minutes, seconds = divmod(max(0, int(length.total_seconds())), 60)
    if minutes < 60:
        return f"{minutes}:{seconds:02d}"
    return say("time.hours", hours=minutes // 60, minutes=minutes % 60)


def span_ms(milliseconds: int) -> str:
    """``38 ms``, ``4.2 s``."""
    return f"{milliseconds} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"


def size(megabytes: int) -> str:
    """``640 MB``, ``35.3 GB``."""
    return f"{megabytes} MB" if megabytes < 1024 else f"{megabytes / 1024:.1f} GB"


def _local(moment: datetime) -> datetime:
    return moment.astimezone(parts().site.zone)
