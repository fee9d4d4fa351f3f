"""What a ruler finds wrong on a page: small targets, small letters, content that overflows."""

from typing import Any

from playwright.sync_api import Page

TARGET_PX = 48
TEXT_PX = 20
LARGER_TEXT_PX = 28

_FAULTS = """
([targetPx, textPx, mayScroll]) => {
  const faults = [];
  const name = (one) => `${one.tagName}.${one.className}#${one.dataset?.testid ?? one.id}`;
  const isSeen = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const targets = "a, button, input:not([type=hidden]), select, summary";
  for (const one of document.querySelectorAll(targets)) {
    if (!one.checkVisibility()) continue;
    const box = one.getBoundingClientRect();
    if (box.width < targetPx || box.height < targetPx)
      faults.push(`target ${Math.round(box.width)}×${Math.round(box.height)}: ${name(one)}`);
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement: one } = texts.currentNode;
    if (!data.trim() || !isSeen(one) || one.closest("script, .unseen")) continue;
    const size = parseFloat(getComputedStyle(one).fontSize);
    if (size < textPx) faults.push(`text ${size} px: ${name(one)}: ${data.trim()}`);
  }
  const root = document.scrollingElement;
  const [wide, high] = [root.scrollWidth, root.scrollHeight];
  if (wide > innerWidth) faults.push(`the page is ${wide} px wide of ${innerWidth}`);
  if (high > innerHeight && !mayScroll)
    faults.push(`the page is ${high} px high of ${innerHeight}`);
  const holdsText = (one) =>
    [...one.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  for (const one of document.querySelectorAll("body *:not(.unseen)")) {
    if (!isSeen(one) || getComputedStyle(one).display === "inline" || !one.clientWidth) continue;
    if (holdsText(one) && one.scrollWidth > one.clientWidth + 1)
      faults.push(`wider than its box, ${one.scrollWidth} of ${one.clientWidth}: ${name(one)}`);
    const box = one.getBoundingClientRect();
    if (box.right > innerWidth + 1 || box.left < -1) faults.push(`beyond the edge: ${name(one)}`);
  }
  return faults;
}
"""


def faults(page: Page, *, text_px: int = TEXT_PX, may_scroll: bool = False) -> list[str]:
    """One line a fault; empty: none found. Unless he ``may_scroll`` downwards, nobody has to."""
    found: Any = page.evaluate(_FAULTS, [TARGET_PX, text_px, may_scroll])
    return [str(one) for one in found]
