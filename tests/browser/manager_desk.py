"""A manager's browser at the pages of settings of a running site."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from shared.clock import now
from tests.browser.accessibility import violations
from tests.browser.screens import Screens
from tests.site import RunningSite


@dataclass(frozen=True, slots=True)
class Desk:
    """The manager's desk at a running site."""

    page: Page
    site: RunningSite
    screens: Screens
    own_pin: str
    began_s: float
    """When the site's programs were started, on the monotonic clock."""

    def open(self, path: str) -> None:
        """Open a page of the settings."""
        self.page.goto(f"{self.site.said['console']}settings{path}")

    def fill(self, **values: str) -> None:
        """Fill fields in; ``__`` in a name stands for a dot."""
        for name, text in values.items():
            self.page.get_by_test_id(f"field-{name.replace('__', '.')}").fill(text)

    def press(self, name: str) -> None:
        """Press a button or link."""
        self.page.get_by_test_id(name).first.click()

    def add(self, name: str, role: str) -> str:
        """Add somebody; the PIN that is shown once."""
        self.open("/people/new")
        self.fill(name=name)
        self.page.get_by_test_id(f"role-{role}").check()
        self.press("save")
        return self.page.get_by_test_id("pin").inner_text()

    def bring(self, table: Path, would: str) -> None:
        """Try a table of customers, and enter it."""
        self.open("/customers")
        self.page.get_by_test_id("table").set_input_files(table)
        self.press("try")
        expect(self.page.get_by_test_id("counts")).to_contain_text(would)
        assert not violations(self.page)
        self.press("enter")
        expect(self.page.get_by_test_id("said")).to_be_visible()

    def close_on(self, day: str, name: str) -> None:
        """A holiday."""
        self.open("/days")
        self.page.get_by_test_id("on-0").fill(day)
        self.page.get_by_test_id("name-0").fill(name)
        self.press("save")
        self.is_saved()

    def hand_over(self, leaver: str, to: str) -> None:
        """Somebody with one customer leaves, who gets another consultant."""
        self.open(f"/people/{leaver}/leave")
        expect(self.page.get_by_test_id("left-behind")).to_contain_text("1 位")
        self.press("confirm")
        self.page.get_by_test_id(f"even-{to}").check()
        self.page.get_by_test_id("even-reason").fill("离职移交")
        self.press("hand-over-evenly")
        self.is_saved()
        expect(self.page.get_by_test_id("none-left")).to_be_visible()

    def finds(self, text: str, kind: str, shown: str) -> None:
        """Ctrl-K finds this as soon as it is typed, and Escape closes it."""
        self.page.keyboard.press("Control+k")
        self.page.get_by_test_id("find-text").press_sequentially(text)
        expect(self.page.get_by_test_id(kind).first).to_contain_text(shown)
        assert not violations(self.page)
        self.page.keyboard.press("Escape")
        expect(self.page.get_by_test_id("find-text")).to_be_hidden()

    def add_device(self, name: str, kind: str) -> str:
        """Add a device; what the page shows to be scanned or typed."""
        self.open("/devices")
        self.page.get_by_test_id("device-name").fill(name)
        self.page.get_by_test_id("device-kind").select_option(kind)
        self.press("add-device")
        assert not violations(self.page)
        return self.page.get_by_test_id("address").inner_text()

    def retire(self, device_id: str) -> None:
        """Retire it."""
        self.open("/devices")
        self.press(f"retire-{device_id}")
        self.is_saved()

    def swap(self, asks: str, pin: str, agrees: str, other_pin: str) -> None:
        """A colleague who has a day off takes it over, as both agree on their phones."""
        on, shifts = str(now().date() + timedelta(days=3)), f"{self.site.said['console']}shifts"
        self.open("/shifts")
        self.page.get_by_test_id("day-who").select_option(agrees)
        self.page.get_by_test_id("day-on").fill(on)
        self.page.get_by_test_id("day-how").select_option("off")
        self.press("day-save")
        self.is_saved()
        asking = self.screens.phone(asks, pin)
        asking.goto(shifts)
        asking.get_by_test_id("swap-first").select_option(on)
        asking.get_by_test_id("swap-with").select_option(agrees)
        asking.get_by_test_id("swap-ask").tap()
        mate = self.screens.phone(agrees, other_pin)
        mate.goto(shifts)
        mate.get_by_test_id("agree").tap()
        expect(mate.get_by_test_id("saved")).to_be_visible()
        self.open("/shifts")
        for who, shift in ((asks, "off"), (agrees, "on")):
            cell = self.page.get_by_test_id(f"cell-{who}-{on}")
            expect(cell).to_have_attribute("data-shift", shift)

    def done(self) -> set[str]:
        """Which of the first steps are done."""
        self.open("")
        steps = self.page.locator('[data-testid="first-steps"] li[data-done="yes"]').all()
        return {str(step.get_attribute("data-testid")).removeprefix("at-") for step in steps}

    def is_saved(self) -> None:
        """The page says so."""
        expect(self.page.get_by_test_id("saved")).to_be_visible()
