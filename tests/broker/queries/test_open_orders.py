from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.queries.overview import HubSite
from shared.messages import ReportKind
from tests.fakes import NINE, FakeClock
from tests.hub_answers import answers, report
from tests.samples import NATURAL


def test_an_order_is_open_and_its_wait_goes_on_until_the_visit_is_over(
    hub: Hub, site: HubSite, clock: FakeClock
) -> None:
    answers(
        hub, replace(NATURAL, drinks=("green_tea", "green_tea"), surname="张", salutation="女士")
    )
    clock.pass_s(80)
    (order,) = site.overview("zh-CN").orders
    assert (order.visitor, order.drinks, order.since) == ("张女士", ("绿茶", "绿茶"), NINE)
    answers(hub, report(ReportKind.FINISHED, "li", visit_id=order.visit_id))
    assert site.overview("zh-CN").orders == ()
