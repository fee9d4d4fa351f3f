"""Every page and every form of the staff's app, and the posts whose holders get in."""

from dataclasses import dataclass

from broker.console.wall_ticket import wall_ticket
from tests.broker.console.conftest import SECRET
from tests.broker.console.fake_site import CHEN, LI, OTHERS, SUN, ZHAO

EVERYBODY = (LI, ZHAO, CHEN, SUN, *OTHERS)
BY_ROLE = {person.roles[0]: person for person in EVERYBODY}
ALL = frozenset(BY_ROLE)
GATE = frozenset({"gate", "manager"})
MANAGERS = frozenset({"manager"})
READERS = frozenset({"consultant", "steward", "manager"})
PARTIES = frozenset({"consultant", "manager"})


@dataclass(frozen=True, slots=True)
class Row:
    """A route: an address of it, and the posts whose holders get in."""

    path: str
    who: frozenset[str] = ALL


@dataclass(frozen=True, slots=True)
class Open:
    """A route that needs no log-in. ``status``: what anybody gets."""

    path: str
    status: int = 200


WALL = f"/wall/{wall_ticket(SECRET, '1')}"
ROUTES: dict[tuple[str, str], Row | Open] = {
    ("GET", "static"): Open("/static/base.css"),
    ("GET", "look.static"): Open("/look/tokens.css"),
    ("GET", "look.style"): Open("/look/brand.css"),
    ("GET", "look.brand_file"): Open("/look/brand/guessed.png", 404),
    ("GET", "specimen.show"): Open("/look"),
    ("GET", "door.log_in"): Open("/login"),
    ("POST", "door.log_in_by_pin"): Open("/login", 400),
    ("GET", "door.enter"): Open("/enter/forged", 403),
    ("GET", "first.manager"): Open("/first/forged", 404),
    ("POST", "first.manager"): Open("/first/forged", 404),
    ("POST", "door.log_out"): Open("/logout", 303),
    ("POST", "door.speak"): Open("/language", 303),
    ("GET", "health.show"): Open("/health"),
    ("GET", "health.metrics"): Open("/metrics", 404),
    ("GET", "health.live"): Row("/health/live", MANAGERS),
    ("GET", "health.readiness"): Row("/health/readiness", MANAGERS),
    ("GET", "health.head"): Row("/head", MANAGERS),
    ("GET", "pages.manifest"): Open("/manifest.webmanifest"),
    ("GET", "pages.offline_worker"): Open("/offline_worker.js"),
    ("GET", "pages.offline"): Open("/offline"),
    ("GET", "enrolment.steps"): Open("/secure"),
    ("GET", "enrolment.for_android"): Open("/secure/site-ca.crt"),
    ("GET", "enrolment.for_apple"): Open("/secure/site-ca.mobileconfig"),
    ("GET", "wall.show"): Open(WALL),
    ("GET", "wall.live"): Open(f"{WALL}/live"),
    ("GET", "guest.show"): Open("/guest/guessed", 404),
    ("GET", "guest.calendar"): Open("/guest/guessed/visit.ics", 404),
    ("GET", "invitations.link"): Row("/invitations/guessed"),
    ("GET", "own.show"): Open("/me/guessed", 404),
    ("GET", "own.correct"): Open("/me/guessed/correct", 404),
    ("POST", "own.save"): Open("/me/guessed/correct", 404),
    ("GET", "own.copy"): Open("/me/guessed/copy", 404),
    ("GET", "own.ask"): Open("/me/guessed/erase", 404),
    ("POST", "own.erase"): Open("/me/guessed/erase", 404),
    ("GET", "pages.handheld"): Row("/handheld"),
    ("GET", "pages.account"): Row("/api/account"),
    ("GET", "desk.me"): Row("/api/me"),
    ("GET", "desk.why"): Row("/api/why/v1", PARTIES),
    ("GET", "disputes.past"): Row("/disputes"),
    ("GET", "disputes.one"): Row("/dispute/v2", PARTIES),
    ("GET", "disputes.pack"): Row("/dispute/v2/pack", PARTIES),
    ("GET", "disputes.pack_file"): Row("/dispute/v2/pack.json", PARTIES),
    ("POST", "disputes.unmasked"): Row("/dispute/v2", MANAGERS),
    ("GET", "disputes.patterns"): Row("/patterns", MANAGERS),
    ("GET", "pages.console"): Row("/", MANAGERS),
    ("GET", "pages.live"): Row("/live", MANAGERS),
    ("GET", "pages.phone"): Row("/phone/li", MANAGERS),
    ("POST", "pages.sign_out"): Row("/sign-out/li", MANAGERS),
    ("GET", "papers.cards"): Row("/cards", MANAGERS),
    ("GET", "papers.roster"): Row("/roster"),
    ("GET", "papers.others"): Row("/others", MANAGERS),
    ("GET", "registers.offered"): Row("/registers"),
    ("GET", "registers.one"): Row("/registers/visits", READERS),
    ("GET", "registers.printed"): Row("/registers/visits/print", READERS),
    ("GET", "registers.written"): Row("/registers/visits/file", READERS),
    ("GET", "reports.day"): Row("/reports/day", MANAGERS),
    ("GET", "reports.replay"): Row("/reports/replay", MANAGERS),
    ("GET", "reports.week"): Row("/reports/week", MANAGERS),
    ("GET", "reports.month"): Row("/reports/month", MANAGERS),
    ("GET", "cases.listed"): Row("/cases"),
    ("GET", "cases.asked"): Row("/cases/new"),
    ("POST", "cases.opened"): Row("/cases/new"),
    ("GET", "cases.codes"): Row("/cases/codes", MANAGERS),
    ("GET", "cases.one"): Row("/cases/k1"),
    ("POST", "cases.worked"): Row("/cases/k1"),
    ("GET", "cases.slip"): Row("/cases/k1/slip"),
    ("GET", "cases.picture"): Row("/cases/k1/pictures/none"),
    ("POST", "cases.picture_brought"): Row("/cases/k1/pictures"),
    ("GET", "duties.today"): Row("/duties"),
    ("POST", "duties.ticked"): Row("/duties/d-1"),
    ("GET", "calendar.feed"): Open("/calendar/guessed.ics", 404),
    ("POST", "pictures.of_brand"): Row("/settings/picture/brand/logo", MANAGERS),
    ("POST", "pictures.of_person"): Row("/settings/picture/person/li", MANAGERS),
    ("GET", "shifts.own"): Row("/shifts"),
    ("POST", "shifts.ask"): Row("/shifts"),
    ("POST", "shifts.answer"): Row("/shifts/guessed"),
    ("GET", "shift_plan.plan"): Row("/settings/shifts", MANAGERS),
    ("POST", "shift_plan.plan"): Row("/settings/shifts", MANAGERS),
    ("POST", "first_pages.alert"): Row("/settings/first/alert", MANAGERS),
    ("GET", "first_pages.camera"): Row("/settings/first/camera", MANAGERS),
    ("POST", "first_pages.camera"): Row("/settings/first/camera", MANAGERS),
    ("GET", "first_pages.picture"): Row("/settings/first/camera.jpg", MANAGERS),
    ("GET", "first_pages.key"): Row("/settings/first/key", MANAGERS),
    ("POST", "first_pages.key"): Row("/settings/first/key", MANAGERS),
    ("GET", "joins.join"): Open("/join/guessed", 403),
    ("GET", "devices.everything"): Row("/settings/devices", MANAGERS),
    ("POST", "devices.everything"): Row("/settings/devices", MANAGERS),
    ("POST", "devices.change"): Row("/settings/devices/side", MANAGERS),
    ("GET", "plans.listed"): Row("/plans"),
    ("GET", "plans.asked"): Row("/plans/new", READERS),
    ("POST", "plans.booked"): Row("/plans/new", READERS),
    ("GET", "plans.link"): Row("/plans/link", frozenset({"consultant"})),
    ("GET", "guest_booking.ask"): Open("/book/guessed", 404),
    ("POST", "guest_booking.booked"): Open("/book/guessed", 404),
    ("GET", "plans.card"): Row("/plans/b-1/card"),
    ("POST", "plans.stepped"): Row("/plans/b-1"),
    ("GET", "events.listed"): Row("/events", MANAGERS),
    ("GET", "events.new"): Row("/events/new", MANAGERS),
    ("POST", "events.invited"): Row("/events/new", MANAGERS),
    ("GET", "events.one"): Row("/events/2026-11-24?name=guessed", MANAGERS),
    ("GET", "passes.found"): Row("/passes", GATE),
    ("GET", "passes.edit"): Row("/passes/edit", MANAGERS),
    ("POST", "passes.edit"): Row("/passes/edit", MANAGERS),
    ("GET", "feedback.say_it"): Open("/feedback/show_flat"),
    ("POST", "feedback.said"): Open("/feedback/show_flat", 400),
    ("GET", "enrolment.code"): Row("/secure/code", MANAGERS),
    ("GET", "wall_link.link"): Row("/wall", MANAGERS),
    ("GET", "imports.tables"): Row("/settings/customers", MANAGERS),
    ("GET", "imports.empty_form"): Row("/settings/customers/template.csv", MANAGERS),
    ("POST", "imports.upload"): Row("/settings/customers", MANAGERS),
    ("GET", "imports.one"): Row("/settings/customers/guessed", MANAGERS),
    ("POST", "imports.enter"): Row("/settings/customers/guessed", MANAGERS),
    ("POST", "imports.take_back"): Row("/settings/customers/take-back/imp-1", MANAGERS),
    ("GET", "find.find"): Row("/find?q=li", MANAGERS),
    ("GET", "settings.index"): Row("/settings", MANAGERS),
    ("GET", "settings.rules"): Row("/settings/rules", MANAGERS),
    ("POST", "settings.rules"): Row("/settings/rules", MANAGERS),
    ("GET", "settings.days"): Row("/settings/days", MANAGERS),
    ("POST", "settings.days"): Row("/settings/days", MANAGERS),
    ("GET", "settings.duties"): Row("/settings/duties", MANAGERS),
    ("POST", "settings.duties"): Row("/settings/duties", MANAGERS),
    ("GET", "settings.house"): Row("/settings/house", MANAGERS),
    ("POST", "settings.house"): Row("/settings/house", MANAGERS),
    ("GET", "settings.history"): Row("/settings/history", MANAGERS),
    ("POST", "settings.take_back"): Row("/settings/take-back/c-1", MANAGERS),
    ("GET", "people.everybody"): Row("/settings/people", MANAGERS),
    ("GET", "people.add"): Row("/settings/people/new", MANAGERS),
    ("POST", "people.add"): Row("/settings/people/new", MANAGERS),
    ("GET", "people.one"): Row("/settings/people/li", MANAGERS),
    ("POST", "people.one"): Row("/settings/people/li", MANAGERS),
    ("POST", "people.fresh_pin"): Row("/settings/people/li/pin", MANAGERS),
    ("GET", "channels.one"): Row("/settings/people/li/channel", MANAGERS),
    ("POST", "channels.one"): Row("/settings/people/li/channel", MANAGERS),
    ("POST", "channels.try_out"): Row("/settings/people/li/channel/try", MANAGERS),
    ("GET", "people.leave"): Row("/settings/people/li/leave", MANAGERS),
    ("POST", "people.leave"): Row("/settings/people/li/leave", MANAGERS),
    ("GET", "people.customers"): Row("/settings/people/li/customers", MANAGERS),
    ("POST", "people.customers"): Row("/settings/people/li/customers", MANAGERS),
}
