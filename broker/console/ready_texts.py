"""Texts that a consultant sends to a customer's phone (短信): ready, to be looked over and sent."""

from broker.console.parts import parts
from broker.console.people_view import Person
from broker.console.words import language, say

TEXTS = ("directions", "thanks", "again", "festival")
VISITOR = "{visitor}"
"""Where the page puts whom the text is for."""


def ready_texts(person: Person) -> list[tuple[str, str]]:
    """Each text's key, and what it says in this page's language."""
    site = parts().site
    way = site.settings.people.brand.directions
    called = site.worn[0].named_in(language()) or site.site_name
    fields = {"site": called, "name": person.name, "visitor": VISITOR, "directions": way}
    return [(key, say(f"text.{key}", **fields)) for key in TEXTS if way or key != "directions"]
