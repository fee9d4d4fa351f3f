"""The form of the house's words (叫法): a line for each word, a few empty ones for more.

A manager writes names only. A word's key, which messages carry, is made of its first name.
"""

import re
from collections.abc import Iterable, Mapping

from flask import request

from broker.alerts.neighbours import ROLES
from broker.choices.rows import WORD_KINDS, WORDS
from broker.console.parts import parts
from broker.console.settings_fields import seen
from broker.console.settings_form import SettingsForm, said
from broker.console.words import say
from broker.local.questions import Edit
from broker.rules.match import spellings
from broker.site_file import SitePeople
from broker.site_words import SiteWord
from shared.errors import BadValueError
from shared.words import LANGUAGES

POSTS = "posts"
"""The kind whose words are the usual posts, which may be renamed but not added or taken out."""
MAY_BE_EMPTY = (POSTS, "exempt")
MORE = 2
"""Empty lines for further words."""
LONGEST_KEY = 24

Line = dict[str, str]
"""A word's key, and its names by language tag."""


def word_lines(form: SettingsForm) -> dict[str, list[Line]]:
    """What the form shows of each kind of words: as typed, or as they are."""
    people = parts().site.settings.people
    return {kind: _lines(kind, people, is_sent=form.is_sent) for kind in WORD_KINDS}


def usual_name(kind: str, key: str, tag: str) -> str:
    """What the word is called where the site gives it no name; empty: there is no such word."""
    name = f"role.{key}" if kind == POSTS else f"house.{key}"
    return parts().words.say(name, tag) if key and name in parts().words else ""


def word_edits(form: SettingsForm) -> tuple[Edit, ...]:
    """What the form changes; what it says wrongly is among the form's problems."""
    people, found = parts().site.settings.people, []
    for kind in WORD_KINDS:
        name = f"{WORDS}.{kind}"
        try:
            was = seen(request.form.get(f"was.{name}"))
        except BadValueError as error:
            form.problems[name] = said(error.sentence)
            continue
        now = _chosen(kind, people)
        if now == (was if was is not None else _plain(getattr(_NOBODY, kind))):
            continue
        if not now and kind not in MAY_BE_EMPTY:
            form.problems[name] = say("settings.keep_one")
            continue
        found.append(Edit(WORDS, kind, was, now or None))
    return tuple(found)


def _lines(kind: str, people: SitePeople, *, is_sent: bool) -> list[Line]:
    lines = _typed(kind) if is_sent else _plain(getattr(people, kind))
    if kind == POSTS:
        named = {line["key"]: line for line in lines}
        return [named.get(role, {"key": role}) for role in dict.fromkeys([*ROLES, *named])]
    return lines + [{"key": ""} for _ in range(MORE)]


def _chosen(kind: str, people: SitePeople) -> list[Line]:
    """The words that shall be: those typed, but for what is taken out or has no name at all."""
    gone = set(request.form.getlist(f"{kind}.gone"))
    typed = [line for line in _typed(kind) if line["key"] not in gone]
    if kind == POSTS:
        return [line for line in typed if len(line) > 1]
    taken = {line["key"] for line in typed} | {each.key for each in getattr(people, kind)}
    for line in typed:
        line["key"] = line["key"] or _new_key(line, taken)
        taken.add(line["key"])
    return typed


def _typed(kind: str) -> list[Line]:
    """The lines that hold anything, without empty names."""
    tags = ("key", *LANGUAGES)
    columns = [request.form.getlist(f"{kind}.{tag}") for tag in tags]
    lines = (dict(zip(tags, line, strict=True)) for line in zip(*columns, strict=False))
    stripped = ({tag: text.strip() for tag, text in line.items()} for line in lines)
    return [
        {tag: text for tag, text in line.items() if text or tag == "key"}
        for line in stripped
        if any(line.values())
    ]


def _new_key(names: Mapping[str, str], taken: set[str]) -> str:
    """A key that no word of the kind has, made of a name."""
    spelled = [names["en"]] if "en" in names else []
    for text in names.values():
        spelled += sorted(spellings(text), key=lambda each: (-len(each), each))
    latin = (re.sub(r"[^a-z0-9]+", "_", each.lower()).strip("_") for each in spelled)
    base = next(filter(None, latin), "word")[:LONGEST_KEY]
    tries = (base, *(f"{base}_{number}" for number in range(2, len(taken) + 3)))
    return next(each for each in tries if each not in taken)


def _plain(words: Iterable[SiteWord]) -> list[Line]:
    return [{"key": each.key, **each.given()} for each in words]


_NOBODY = SitePeople(staff=(), order=())
