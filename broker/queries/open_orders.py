"""What the bar has to bring (水吧), read from the hub's file."""

from broker.alerts.calls import word
from broker.alerts.care import Care
from broker.console.order_view import OrderLine
from broker.site_words import SiteWords, site_word
from broker.store.readable import readable
from broker.store.visits import Visits
from broker.wording.alert_text import say
from broker.wording.names import called
from shared.database import Database


def orders_of(db: Database, words: SiteWords, language: str) -> tuple[OrderLine, ...]:
    """The orders that are not served yet, in the house's words, the longest waiting first."""

    def named(name: str) -> str:
        return say(word(site_word(words, name, language)), language)

    rows = db.conn.execute("select body from cares where due_at is not null order by due_at")
    orders = []
    for care in readable(Care, (body for (body,) in rows.fetchall())):
        if care.ordered_at is None or care.order_due_at is None:
            continue
        visit = Visits(db).find(care.visit_id)
        guest = visit if visit is not None and visit.surname else care
        visitor = called(guest.surname, guest.salutation, language)
        place = named(care.place) if care.place else None
        drinks = tuple(map(named, care.drinks or ("usual_drink",)))
        orders.append(OrderLine(care.visit_id, visitor, place, drinks, care.ordered_at))
    return tuple(sorted(orders, key=lambda order: order.since))
