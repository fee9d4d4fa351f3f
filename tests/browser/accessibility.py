"""What axe-core finds wrong on a page, whatever the page's own script policy allows."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_RUN = """(rules) => {
  const only = rules.length ? { runOnly: { type: "rule", values: rules } } : {};
  return axe.run({ resultTypes: ["violations"], ...only }).then((found) => found.violations);
}"""
LAYOUT_RULES = ("color-contrast", "target-size", "scrollable-region-focusable")
"""What a page's size may change; the other rules look at its elements, which stay the same."""


def violations(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """One line for each violation, with the elements that it is about.

    Without ``rules`` axe-core checks all of its rules.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(_RUN, list(rules))
    return [_line(fault) for fault in found]


def _line(fault: dict[str, Any]) -> str:
    where = ", ".join(str(node["target"]) for node in fault["nodes"])
    return f"{fault['id']}: {fault['help']}: {where}"
