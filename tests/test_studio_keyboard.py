"""By keyboard alone: Tab reaches what can be pressed, and one sees where one is. Nothing moves if that is wished."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

import studios

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    Motion = Literal["reduce", "no-preference"]

pytest_plugins = ("browsing",)
pytestmark = studios.needs_chromium
TOOLS = """
window.everything = (root = document, found = []) => {
  for (const each of root.querySelectorAll("*")) {
    found.push(each);
    if (each.shadowRoot) everything(each.shadowRoot, found);
  }
  return found;
};
window.focused = () => {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found;
};
window.named = (each) => `${each.tagName} ${each.getAttribute("aria-label") ?? each.innerText?.slice(0, 40) ?? ""}`;
// In a group the arrows go on from the one that Tab reaches.
window.isReachedByArrows = (each) => each.tabIndex < 0 || each.matches("[role=radio][aria-checked=false]");
window.canBePressed = () => everything().filter((each) => each.matches(
  "a[href], button, input, select, textarea, summary, [tabindex], [role=button], [role=slider]")
  && each.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && each.getClientRects().length
  && !each.disabled && !each.closest("[inert], [aria-hidden=true]")
  && !isReachedByArrows(each));
// How an element, those in it and those around it look: where the focus is must be seen on one of them.
window.looks = (each) => {
  const found = [...each.children].map((child) => getComputedStyle(child).stroke);
  for (let at = each; at && at !== document.body; at = at.parentElement ?? at.getRootNode().host) {
    const { outline, boxShadow, border, backgroundColor } = getComputedStyle(at);
    found.push([outline, boxShadow, border, backgroundColor].join("; "));
  }
  return found.join(" | ");
};
"""


def opened(browser: Browser, address: str, *, motion: Motion = "reduce") -> Page:
    page = browser.new_page(viewport={"width": 1400, "height": 900}, reduced_motion=motion)
    page.set_default_timeout(1000 * studios.DEADLINE_S)
    page.add_init_script(TOOLS)
    studios.arrive(page, address)
    return page


@pytest.mark.parametrize("name", studios.PAGES)
def test_tab_reaches_everything_and_one_sees_where_one_is(browser: Browser, url: str, name: str) -> None:
    page = opened(browser, f"{url}/{studios.PAGES[name]}")
    page.evaluate("window.before = new Map(canBePressed().map((each) => [each, looks(each)])); window.unseen = []")
    left = page.evaluate("before.size")
    assert left > 10
    for _ in range(2 * left):
        page.keyboard.press("Tab")
        left = page.evaluate(
            """() => {
                const here = focused();
                if (before.has(here) && before.get(here) === looks(here)) unseen.push(named(here));
                before.delete(here);
                return before.size;
            }"""
        )
        if not left:
            break
    assert page.evaluate("[...before.keys()].map(named)") == []
    assert page.evaluate("unseen") == []
    page.close()


@pytest.mark.parametrize("name", ["Library", "Explore"])
def test_nothing_moves_if_that_is_wished(browser: Browser, url: str, name: str) -> None:
    moving = """() => everything().filter((each) => {
        const { transitionDuration, animationName } = getComputedStyle(each);
        return transitionDuration.split(", ").some((time) => parseFloat(time) > 0.01) || animationName !== "none";
    }).map(named)"""
    still, usual = (
        opened(browser, f"{url}/{studios.PAGES[name]}"),
        opened(browser, f"{url}/{studios.PAGES[name]}", motion="no-preference"),
    )
    assert still.evaluate(moving) == []
    assert usual.evaluate(moving) != []
    still.close()
    usual.close()
