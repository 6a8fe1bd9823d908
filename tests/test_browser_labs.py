"""The optional lab in a real browser: a long training shows how far it is, can be stopped and goes on."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lessons.labs.page import LABS
from tests.browser_setup import settled
from tests.test_browser_course import PHONE, PROJECTOR, violations, visit

# Streamlit has a Stop of its own. Pressed as soon as it is there: while the page scrolls to it, all may be trained.
PRESS_STOP = """() => new Promise((done) => {
    const look = () => {
        const stop = document.querySelector(".st-key-labs_stop button");
        if (stop) done(stop.click());
        else requestAnimationFrame(look);
    };
    look();
})"""
LONG = "/labs?experiment=Remainders&modulus=12"  # ten times 1000 steps


def skip(page: Page) -> Page:
    """Open the experiment without a prediction, as one who came by a link may."""
    page.get_by_role("button", name="Skip the prediction").click()
    return page


def trained(page: Page) -> Page:
    """Wait for the last of the ten seeds."""
    expect(page.get_by_text("Seed 9")).to_be_visible(timeout=60_000)
    return settled(page)


def test_stop_keeps_the_seeds_that_are_there_and_go_on_trains_the_rest(page: Page) -> None:
    skip(visit(page, LONG))
    page.evaluate(PRESS_STOP)
    kept = page.get_by_text(re.compile(r"Stopped: [1-9] of 10 seeds are trained\."))
    expect(kept).to_be_visible(timeout=30_000)
    pictures = page.locator(".panels figure")
    expect(pictures).to_have_count(int(kept.inner_text().split()[1]))
    page.get_by_role("button", name="Go on").click()
    trained(page)
    expect(pictures).to_have_count(10)
    expect(kept).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", LABS)
def test_an_experiment_fits_a_phone_and_axe_finds_nothing_serious(
    new_context: Callable[..., BrowserContext], name: str, theme: str
) -> None:
    page = new_context(viewport=PHONE, color_scheme=theme, reduced_motion="reduce").new_page()
    trained(skip(visit(page, f"/labs?experiment={name}&seed=1")))
    width = "document.querySelector('[data-testid=\"stMain\"]')"
    assert page.evaluate(f"{width}.scrollWidth - {width}.clientWidth") == 0
    page.set_viewport_size(PROJECTOR)
    assert violations(settled(page)) == []
