"""Somebody's phone at the pages of a site that a test serves."""

from playwright.sync_api import Browser, Page

from broker.console.people_view import Person


def logged_in(browser: Browser, url: str, language: str, who: Person) -> Page:
    """A manager's phone, logged in."""
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{url}/login?to=console")
    page.get_by_test_id(f"language-{language}").click()
    page.locator(f"html[lang={language}]").wait_for()
    page.get_by_test_id(f"person-{who.staff_id}").click()
    for digit in who.pin:
        page.get_by_test_id(f"pin-{digit}").click()
    page.get_by_test_id("enter").click()
    page.wait_for_url(f"{url}/")
    return page
