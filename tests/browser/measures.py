"""What a ruler finds wrong on a page: small targets, small letters, content that overflows."""

from typing import Any

from playwright.sync_api import Page

TARGET_PX = 48
TEXT_PX = 20
LARGER_TEXT_PX = 28

_FAULTS = """
([targetPx, textPx, mayScroll]) => {
  const faults = [];
  const name = (node) =>
    `${node.tagName}.${node.className}#${node.dataset?.testid ?? node.id}`;
  const isSeen = (node) =>
    node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const targets = "a, button, input:not([type=hidden]), select, summary";
  for (const node of document.querySelectorAll(targets)) {
    if (!node.checkVisibility()) continue;
    const box = node.getBoundingClientRect();
    if (box.width < targetPx || box.height < targetPx)
      faults.push(`target ${Math.round(box.width)}×${Math.round(box.height)}: ${name(node)}`);
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement: node } = texts.currentNode;
    if (!data.trim() || !isSeen(node) || node.closest("script, .unseen")) continue;
    const size = parseFloat(getComputedStyle(node).fontSize);
    if (size < textPx) faults.push(`text ${size} px: ${name(node)}: ${data.trim()}`);
  }
  const root = document.scrollingElement;
  const [wide, high] = [root.scrollWidth, root.scrollHeight];
  if (wide > innerWidth) faults.push(`the page is ${wide} px wide of ${innerWidth}`);
  if (high > innerHeight && !mayScroll)
    faults.push(`the page is ${high} px high of ${innerHeight}`);
  const holdsText = (node) =>
    [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  for (const node of document.querySelectorAll("body *:not(.unseen)")) {
    if (!isSeen(node) || getComputedStyle(node).display === "inline" || !node.clientWidth) continue;
    if (holdsText(node) && node.scrollWidth > node.clientWidth + 1)
      faults.push(`wider than its box, ${node.scrollWidth} of ${node.clientWidth}: ${name(node)}`);
    const box = node.getBoundingClientRect();
    if (box.right > innerWidth + 1 || box.left < -1) faults.push(`beyond the edge: ${name(node)}`);
  }
  return faults;
}
"""


def faults(page: Page, *, text_px: int = TEXT_PX, may_scroll: bool = False) -> list[str]:
    """One line for each fault; scrolling down is a fault unless the page ``may_scroll``."""
    found: Any = page.evaluate(_FAULTS, [TARGET_PX, text_px, may_scroll])
    return [str(fault) for fault in found]
