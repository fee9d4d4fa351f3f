"""What an alert says on the screen and by voice, in each reader's language."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from msgspec import structs

from broker.alerts.calls import Call, Guest, Saying, Value
from broker.site_words import site_word
from broker.wording.decisions import Teller
from broker.wording.names import called, cut
from broker.wording.speech import for_the_ear
from shared.messages import Alert, AlertKind, Wording
from shared.words import read_words


def wording_of(call: Call, visitor: Guest, teller: Teller, *, says_yao: bool = False) -> Wording:
    """Everything that this alert says, in the language of ``teller``."""
    language = teller.language
    call, known = _as_the_house_says(call, visitor.as_known_to(call.role), teller)
    text = teller.notice(call.notice) if call.notice else _text(call, known, language)
    speech = for_the_ear(text, known.plate, language, says_yao=says_yao)
    name = teller.names.get(call.staff_id or "")
    if name and call.asks is AlertKind.CALL:
        speech = _part("called_by_name", language, who=name, text=speech)
    return Wording(
        title=read_words("broker").say(f"alert_title.{call.words}", language),
        text=cut(text),  # many visitors may still be in at closing
        speech=cut(speech),
        visitor=called(known.surname, known.salutation, language),
        place=cut(_word(known.place, language)) if known.place else None,
        instead_of=cut(say(call.instead_of, language)) if call.instead_of else None,
    )


def as_unsaved(said: Wording, language: str) -> Wording:
    """``said`` of something that is held in memory only."""
    return structs.replace(said, text=cut(f"{said.text}{_part('unsaved', language)}"))


def as_read(alert: Alert, language: str) -> Wording:
    """What it says in ``language``; an alert of an older release knows only the site's language."""
    own = Wording(title=alert.title, text=alert.text, speech=alert.speech)
    return alert.wordings.get(language, own)


def _as_the_house_says(call: Call, known: Guest, teller: Teller) -> tuple[Call, Guest]:
    """``call`` and ``known`` with the house's own names of drinks, places and posts."""
    if not teller.words:
        return call, known

    def own(value: Value) -> Value:
        if not isinstance(value, Saying) or not value.code.startswith("alert_post."):
            return value
        names = teller.words.get(value.code.replace("alert_post", "role"))
        return names[teller.language] if names else value

    def named(text: str) -> str:
        return site_word(teller.words, text, teller.language)

    said = {name: own(value) for name, value in call.fields.items()}
    instead_of = own(call.instead_of) if call.instead_of else None
    drinks = tuple(named(drink) for drink in known.drinks)
    place = named(known.place) if known.place else None
    if (said, instead_of) != (call.fields, call.instead_of):
        call = dataclasses.replace(call, fields=said, instead_of=instead_of)
    if (drinks, place) != (known.drinks, known.place):
        known = structs.replace(known, drinks=drinks, place=place)
    return call, known


def say(value: Value, language: str) -> str:
    """``value`` as a sentence says it."""
    if isinstance(value, str):
        return value
    if isinstance(value, Guest):
        return label(value, language)
    if isinstance(value, tuple):
        return _listed((say(part, language) for part in value), language)
    words = read_words("broker")
    if value.code not in words:
        return value.code.partition(".")[2]
    fields = {name: say(part, language) for name, part in value.fields.items()}
    return words.say(value.code, language, **fields)


@lru_cache(maxsize=100)  # each post hears of the same visitor
def label(visitor: Guest, language: str) -> str:
    """``浙A88888 张女士 2 位，需要雨伞``, as far as known."""
    plate = visitor.plate
    if plate and visitor.is_uncertain:
        plate = _part("perhaps", language, plate=plate)
    name = called(visitor.surname, visitor.salutation, language)
    who = " ".join(part for part in (plate, name) if part) or _word("visitor", language)
    if visitor.party_size:
        who += f" {_part('people', language, count=visitor.party_size)}"
    if visitor.needs:
        who += _part("needing", language, needs=_all_words(visitor.needs, language))
    return who


class _Said(dict[str, str]):
    """What an alert's sentence may name; most name little of it."""

    def __init__(self, call: Call, known: Guest, language: str) -> None:
        super().__init__({name: say(value, language) for name, value in call.fields.items()})
        self._about = call, known, language

    def __missing__(self, name: str) -> str:
        return _NAMED[name](*self._about)


_NAMED: Mapping[str, Callable[[Call, Guest, str], str]] = {
    "guest": lambda _, known, language: label(known, language),
    "plate": lambda _, known, __: known.plate or "",
    "place": lambda _, known, language: _word(known.place or "hall", language),
    "drinks": lambda _, known, language: _all_words(known.drinks or ("usual_drink",), language),
    "said": lambda call, _, language: (
        as_read(call.unanswered, language).text if call.unanswered else ""
    ),
}


def _text(call: Call, known: Guest, language: str) -> str:
    said = _Said(call, known, language)
    return read_words("broker").filled(f"alert_text.{call.words}", language, said)


def _word(name: str, language: str) -> str:
    """A need, a drink or a place; what the catalogue does not know is said as it came."""
    words, key = read_words("broker"), f"alert_word.{name}"
    return words.say(key, language) if key in words else name


def _all_words(names: Iterable[str], language: str) -> str:
    """``雨伞、轮椅``."""
    return _listed((_word(name, language) for name in names), language)


def _part(name: str, language: str, **fields: object) -> str:
    return read_words("broker").say(f"alert_part.{name}", language, **fields)


def _listed(words: Iterable[str], language: str) -> str:
    return _part("and", language).join(words)
