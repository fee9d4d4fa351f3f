"""What a page of the way shows beside its sentences: tiles, keys, boxes, and what was answered."""

from typing import Any
from zlib import crc32

from flask import render_template, request, url_for

from kiosk import plate_keys
from kiosk.answers import LARGEST_PARTY, NEEDS, Answers
from kiosk.parts import parts, say
from kiosk.questions import NAMING, QUESTIONS, STAGES, Step, openers, stage_of
from shared.messages import Answer3, Evidence, OfferedCar, RosterEntry
from shared.words import DEFAULT_LANGUAGE, capital

DRINKS = ("green_tea", "black_tea", "coffee", "lemonade", "warm_water")
"""The usual ones; their names stand in the catalogue."""
SALUTATIONS = ("mr", "ms")
TONES = 6
"""How many colours the tiles without a picture share; see ``kiosk.css``."""
EVIDENCE_OFFERED = (Evidence.WECHAT, Evidence.SMS, Evidence.CARD, Evidence.NAME)

_TEMPLATES = {
    **{question.step: "question.html" for question in QUESTIONS},
    **dict.fromkeys(NAMING, "consultant.html"),
}
"""The pages that share one; every other has its own."""


def page_of(answers: Answers, here: Step, problems: dict[str, str] | None = None) -> str:
    """The page ``here`` with the answers given, or with what was typed and what is wrong."""
    return render_template(
        _TEMPLATES.get(here, f"{here}.html"),
        **_choices(answers, here),
        here=here,
        answers=answers,
        back=answers.before(here),
        number=stage_of(here),
        total=STAGES,
        problems=problems or {},
        typed=request.form if problems else _typed(answers, here),
    )


def tile(name: str | None, picture_name: str | None) -> dict[str, Any]:
    """How a consultant shows: a picture if the site has one, else the name's first character."""
    has_picture = bool(parts().settings.pictures_dir and picture_name)
    return {
        "name": name,
        "initial": (name or " ")[0],
        "tone": crc32((name or "").encode()) % TONES,
        "picture": url_for("pages.picture", name=picture_name) if has_picture else None,
    }


def menu(language: str) -> dict[str, str]:
    """The drinks on offer: what a check-in carries of each, and its name."""
    offered = parts().board.drinks or parts().settings.drinks
    if not offered:
        return {key: parts().words.say(f"drink.{key}", language) for key in DRINKS}
    return {drink.key or drink.zh_cn: capital(drink.named_in(language)) for drink in offered}


def salutations() -> dict[str, str]:
    """The forms of address, and how each stands in a name: in Chinese, as the name does."""
    say = parts().words.say
    return {key: say(f"salutation.{key}", DEFAULT_LANGUAGE) for key in SALUTATIONS}


def _choices(answers: Answers, here: Step) -> dict[str, Any]:
    match here:
        case Step.FAMILY_CONSULTANT | Step.CONSULTANT:
            opened_by = openers(answers.given, here)
            prompt = f"consultant.{opened_by[0] if len(opened_by) == 1 else 'several'}"
            return {
                "prompt": prompt,
                "tiles": [_roster_tile(entry) for entry in parts().board.consultants],
                "chosen": answers.named_on(here).consultant,
            }
        case Step.EVIDENCE:
            return {"offered": EVIDENCE_OFFERED}
        case Step.CAR:
            return {"cars": [_car_tile(car) for car in _cars(answers)]}
        case Step.PLATE:
            rows = plate_keys.province_rows(parts().settings.province or parts().board.province)
            return {"keys": plate_keys, "provinces": rows, "forms": plate_keys.forms()}
        case Step.DETAILS | Step.CARE:
            return _details(answers.language)
        case _:
            return {"offered": tuple(Answer3)}


def _details(language: str) -> dict[str, Any]:
    most = str(LARGEST_PARTY)
    exact = [(str(number), str(number)) for number in range(1, LARGEST_PARTY)]
    return {
        "salutations_named": [
            (called, say(f"salutation.{key}")) for key, called in salutations().items()
        ],
        "sizes_named": [*exact, (most, say("details.most", number=most))],
        "needs_named": [(value, say(f"details.{value}")) for value in NEEDS],
        "drinks_named": list(menu(language).items()),
    }


def _cars(answers: Answers) -> tuple[OfferedCar, ...]:
    """What is offered now; the car chosen before stays among them."""
    offered = parts().board.cars
    chosen = answers.car
    is_offered = chosen is None or chosen.arrival_id in {car.arrival_id for car in offered}
    return offered if chosen is None or is_offered else (chosen, *offered)


def _car_tile(car: OfferedCar) -> dict[str, Any]:
    ago = parts().board.since(car)
    minutes = max(0, int(ago.total_seconds() // 60))
    came = say("car.ago", minutes=minutes) if minutes else say("car.just_now")
    return {"id": car.arrival_id, "plate": car.plate, "came": came}


def _roster_tile(entry: RosterEntry) -> dict[str, Any]:
    return {
        "id": entry.consultant_id,
        "spellings": " ".join(entry.spellings),
        **tile(entry.name, entry.picture),
    }


def _typed(answers: Answers, here: Step) -> dict[str, str]:
    """What the fields held when the visitor was here before."""
    details = answers.details
    values = {
        "named_text": answers.named_on(here).text,
        "phone": details.phone,
        "family_phone": details.family_phone,
        "surname": details.surname,
        "salutation": details.salutation,
        "party_size": str(details.party_size or ""),
        "plate": answers.plate,
        **{f"need.{need}": "yes" for need in details.needs},
        **{f"drink.{drink}": "yes" for drink in details.drinks},
    }
    return {name: value or "" for name, value in values.items()}
