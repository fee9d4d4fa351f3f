"""Every page of the tablet, one after the other, in one language: for whoever looks at them."""

from collections.abc import Iterator
from datetime import timedelta

from shared.messages import Coming, OfferedCar
from tests.browser.kiosk_tablet import Served, Tablet

OFFERED = ("浙A·8**88", "浙A·D1**45", "沪C·2**19")


def every_page(site: Served, tablet: Tablet, language: str) -> Iterator[str]:
    """Each page's name while ``tablet`` shows it."""
    site.speak(language)
    yield from check_in_pages(site, tablet, language)
    yield from _other_visitors(site, tablet)
    yield from _staff(tablet)


def check_in_pages(
    site: Served, tablet: Tablet, language: str, *, is_larger: bool = False
) -> Iterator[str]:
    """The name of each page on a visitor's way; ``is_larger``: with larger text."""
    tablet.open("/")
    yield tablet.shows("staff", as_name="welcome")
    if is_larger:
        tablet.page.get_by_test_id("larger").check()
    tablet.tap(f"language-{language}")
    yield from _questions(tablet)
    yield from _car_and_details(site, tablet)
    yield from _who_comes(site, tablet)


def phone_pages(
    site: Served, phone: Tablet, language: str, *, is_larger: bool = False
) -> Iterator[str]:
    """The same way on a visitor's own phone, which stands at its first page."""
    yield phone.shows("larger", as_name="own-phone")
    if is_larger:
        phone.page.get_by_test_id("larger").check()
    phone.tap(f"language-{language}")
    yield from _questions(phone)
    yield from _car_and_details(site, phone)
    yield from _who_comes(site, phone, "phone-over")
    yield "phone-over"
    phone.open("/own-phone/used")
    yield phone.shows("phone-used")


def _questions(tablet: Tablet) -> Iterator[str]:
    for name, answer in (("first_visit", "no"), ("family", "yes"), ("contacted", "yes")):
        yield tablet.shows(f"question-{name}")
        tablet.tap(f"answer-{answer}")
    yield tablet.shows("question-family_consultant")
    tablet.tap("skip")
    yield tablet.shows("question-consultant")
    tablet.tap("consultant-li")
    yield tablet.shows("question-evidence")
    tablet.tap("evidence-wechat")


def _car_and_details(site: Served, tablet: Tablet) -> Iterator[str]:
    yield tablet.shows("question-car")
    _offer_cars(site)
    tablet.page.reload()
    yield tablet.shows("car-car-0", as_name="question-car-offered")
    tablet.tap("car-type")
    yield tablet.shows("consent")
    tablet.tap("consent-care")
    yield tablet.shows("care")
    tablet.tap("back")
    tablet.shows("consent")
    tablet.tap("consent-yes")
    yield tablet.shows("keys-letters", as_name="plate-provinces")
    tablet.tap("key-浙")
    yield tablet.shows("keys-provinces", as_name="plate-letters")
    tablet.tap("skip")
    yield tablet.shows("phone", as_name="details")
    tablet.type("family-phone", "123")
    tablet.tap("finish")
    yield tablet.shows("family-phone-problem", as_name="details-wrong")
    tablet.tap("skip")


def _who_comes(site: Served, tablet: Tablet, home: str = "staff") -> Iterator[str]:
    yield tablet.shows("calling")
    (check_in,) = site.house.check_ins()
    site.house.assign(check_in, "李敏", "张女士，欢迎光临")
    yield tablet.shows("asked")
    site.house.assign(check_in, "王强", "张女士，欢迎光临", Coming.SET_OUT)
    yield tablet.shows("set-out")
    tablet.tap("home")
    tablet.shows(home)
    site.house.receive(check_in)
    site.house.tell_cars()


def _offer_cars(site: Served) -> None:
    """The gate has seen these since the visitor came."""
    moment = site.house.clock()
    cars = (
        OfferedCar(arrival_id=f"car-{at}", plate=plate, seen_at=moment - timedelta(minutes=at))
        for at, plate in enumerate(OFFERED)
    )
    site.house.tell_cars(*cars)


def _other_visitors(site: Served, tablet: Tablet) -> Iterator[str]:
    tablet.tap("invited")
    yield tablet.shows("invitation")
    tablet.type("invitation-code", "1")
    tablet.tap("invitation-read")
    yield tablet.shows("invitation-problem", as_name="invitation-wrong")
    tablet.tap("back")
    tablet.shows("staff")
    tablet.tap("service")
    yield tablet.shows("service-kinds")
    tablet.tap("kind-meeting")
    yield tablet.shows("service-form")
    tablet.type("service-name", "赵师傅")
    tablet.tap("service-finish")
    yield tablet.shows("service-whom-problem", as_name="service-form-wrong")
    tablet.type("service-whom", "王强")
    tablet.tap("service-finish")
    yield tablet.shows("service-number")
    number = tablet.page.get_by_test_id("service-number").inner_text()
    tablet.tap("home", "service", "service-leave")
    yield tablet.shows("leave-number", as_name="service-leave")
    tablet.type("leave-number", "1")
    tablet.tap("leave-enter")
    yield tablet.shows("leave-problem", as_name="service-leave-wrong")
    site.house.clock.pass_s(2)  # one wrong number costs a second
    tablet.type("leave-number", number)
    tablet.tap("leave-enter")
    yield tablet.shows("bye", as_name="service-bye")
    tablet.tap("home")
    tablet.shows("staff")


def _staff(tablet: Tablet) -> Iterator[str]:
    tablet.open("/staff")
    yield tablet.shows("pin")
    tablet.become_staff()
    tablet.shows("staff-close")
    tablet.hold_still()  # it is fresh every five seconds; a busy machine measures for longer
    yield "staff"
    for name, mark in (("texts", "texts-keep"), ("try", "try-sound"), ("leave", "exit-now")):
        tablet.tap(f"staff-{name}")
        yield tablet.shows(mark, as_name=f"staff-{name}")
        tablet.tap("back")
    tablet.tap("staff-leave", "exit-now")
    yield tablet.shows("left", as_name="staff-left")
    tablet.open("/nowhere")
    yield tablet.shows("pin", as_name="log-in")
    tablet.let_in()
    tablet.open("/nowhere")
    yield tablet.shows("home", as_name="problem")
