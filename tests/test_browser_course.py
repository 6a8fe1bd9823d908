"""The course in a real browser: what a learner clicks, sees, leaves and comes back to."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect

from lessons.course import COURSE
from tests.browser_setup import settled

LESSONS = {lesson.slug: lesson.title for lesson in COURSE}
TITLES = list(LESSONS.values())
PAGES = ("home", "before", *LESSONS, "after", "laboratory", "labs", "ask", "glossary", "checked")
FIGURES = ".walk, .chart, .space, .matrix, .wiring, .bricks, table"
PHONE: ViewportSize = {"width": 390, "height": 844}
PROJECTOR: ViewportSize = {"width": 1280, "height": 720}


def visit(page: Page, path: str) -> Page:
    page.set_default_timeout(10_000)
    page.goto(path)
    return settled(page)


def unlock(page: Page, slug: str) -> Page:
    """Lock in a prediction, the first."""
    page.get_by_role("radiogroup").first.locator("label").first.click()
    settled(page).get_by_role("button", name="Lock in my answer").click()
    page.get_by_text("Three questions").wait_for()
    settled(page)
    undrawn = page.locator(".chart:not([data-drawn])")  # a chart draws itself after the page, and Plotly is large
    expect(undrawn).to_have_count(0, timeout=20_000)
    return page


def opened(page: Page, name: str) -> Page:
    """A page with all that it can show."""
    visit(page, "/" if name == "home" else f"/{name}")
    if name in LESSONS:
        unlock(page, name)
    if name == "laboratory":
        page.locator('.space[data-step="300"] .js-plotly-plot .point').first.wait_for()
    return page


def messages(page: Page) -> list[str | bytes]:
    """What the page sends to the server from now on: a rerun begins with such a message. Call it before `goto`."""
    sent: list[str | bytes] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    return sent


def scrubber(page: Page) -> Locator:
    return page.get_by_role("slider", name="Step of the computation")


def cells(page: Page, name: str) -> list[list[str]]:
    """The numbers of the matrix of that name in the walk."""
    figure = page.locator(".walk figure", has=page.get_by_text(name, exact=True))
    rows = figure.locator("tbody tr").all()
    return [row.locator("td").all_inner_texts() for row in rows]


def test_from_home_to_lesson_2_a_changed_id_changes_the_row_that_comes_out(page: Page) -> None:
    visit(page, "/").get_by_test_id("stPageLink").get_by_text(LESSONS["lookup"]).click()
    expect(settled(page).get_by_role("heading", level=1)).to_have_text(LESSONS["lookup"])
    expect(page.locator(".walk")).to_have_count(0)
    unlock(page, "lookup")
    expect(page.get_by_text(re.compile("^(As you|You) predicted:"))).to_be_visible()
    scrubber(page).press("End")
    expect(page.locator(".walk")).to_have_attribute("data-step", "8")
    before = cells(page, "E[ids]")
    assert len(before) == 3
    assert before[0] == before[2] != before[1]
    page.get_by_role("textbox", name="Ids").fill("1, 3, 5")
    page.get_by_role("textbox", name="Ids").press("Enter")
    expect(page.locator(".walk figure").last.locator("tbody th").last).to_have_text("id 5")
    after = cells(settled(page), "E[ids]")
    assert after[:2] == before[:2]
    assert after[2] not in before
    assert after == cells(page, "X E")
    expect(page.locator(".walk")).to_have_attribute("data-step", "8")


def test_the_steps_of_a_walk_follow_mouse_and_keys_without_a_rerun(page: Page) -> None:
    sent = messages(page)
    opened(page, "gradient")
    before, walk, caption = len(sent), page.locator(".walk"), page.locator(".walk .caption")
    assert before > 0
    page.get_by_role("button", name="Step forward").click()
    expect(caption).to_contain_text("2 Pool.")
    page.get_by_role("button", name="Step back").click()
    expect(caption).to_contain_text("1 Look up.")
    for key, step in {"ArrowRight": "2", "ArrowUp": "3", "ArrowLeft": "2", "End": "8", "Home": "1"}.items():
        scrubber(page).press(key)
        expect(walk).to_have_attribute("data-step", step)
    expect(page.get_by_role("button", name="Step back")).to_be_disabled()
    page.get_by_role("combobox", name="Speed").select_option("4")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(walk).to_have_attribute("data-step", "8")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert len(sent) == before


def test_back_and_forward_go_one_page_and_find_settings_and_prediction_again(page: Page) -> None:
    visit(page, "/").get_by_test_id("stPageLink").get_by_text(LESSONS["lookup"]).click()
    unlock(settled(page), "lookup")
    page.get_by_text("Add a bias").click()
    page.wait_for_url(re.compile("bias=on"))
    settled(page).get_by_role("button", name="Laboratory").click()
    page.locator('a[href$="/laboratory"]').last.click()
    page.wait_for_url(re.compile("/laboratory"))
    page.locator(".space[data-step]").wait_for()
    settled(page).go_back()
    page.wait_for_url(re.compile(r"/lookup\?.*bias=on"))
    _expect_the_bias(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is inside an Embedding layer?")
    settled(page).go_forward()
    page.wait_for_url(re.compile(r"/lookup\?.*bias=on"))
    _expect_the_bias(page)


def _expect_the_bias(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(LESSONS["lookup"])
    expect(page.locator(".walk")).to_be_visible()
    expect(settled(page).get_by_role("switch", name="Add a bias")).to_be_checked()
    expect(page.get_by_text(re.compile("^(As you|You) predicted:"))).to_be_visible()


def test_a_lesson_keeps_its_settings_while_another_page_is_visited(page: Page) -> None:
    opened(page, "gradient")
    page.get_by_text("Assign instead of add", exact=True).click()
    page.wait_for_url(re.compile("assign=on"))
    settled(page).get_by_role("link", name=re.compile("^Before: ")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[TITLES.index(LESSONS["gradient"]) - 1])
    settled(page).get_by_role("link", name=re.compile("^Next: ")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(LESSONS["gradient"])
    expect(settled(page).get_by_role("switch", name="Assign instead of add")).to_be_checked()
    expect(page.get_by_text(re.compile("^(As you|You) predicted:"))).to_be_visible()
    page.wait_for_url(re.compile("assign=on"))


@pytest.mark.parametrize(
    ("link", "left"), [("/before?x=1&step=3", "/before"), ("/near?x=1&angle=75", "/near?angle=75")]
)
def test_an_address_keeps_only_what_the_page_knows(page: Page, link: str, left: str) -> None:
    visit(page, link)
    expect(page.get_by_text("The link has a setting 'x' that this page does not know")).to_be_visible()
    page.wait_for_url(f"**{left}")


def test_a_page_that_is_left_while_its_player_plays_writes_nothing_into_the_next_address(page: Page) -> None:
    opened(page, "task")
    page.get_by_role("button", name="Pause").first.wait_for()
    page.get_by_role("link", name="Glossary").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Glossary")
    settled(page).wait_for_timeout(500)
    assert page.url.endswith("/glossary")


def test_a_link_to_a_step_opens_there_and_names_a_bad_value(page: Page) -> None:
    visit(page, "/gradient?step=5&rate=fast&ids=3,1")
    expect(page.get_by_text("In the link, rate must be a number from 0 to 3, got 'fast'.")).to_be_visible()
    page.get_by_role("button", name="Skip the prediction").click()
    expect(page.locator(".walk")).to_have_attribute("data-step", "5")
    expect(settled(page).get_by_role("textbox", name="Ids")).to_have_value("3,1")


def test_try_it_sets_the_experiment_and_brings_it_into_view(page: Page) -> None:
    opened(page, "gradient")
    page.get_by_role("radiogroup", name="Row 1 occurs twice").get_by_text("The last occurrence only").click()
    expect(settled(page).get_by_text("That is the bug behind the switch")).to_be_visible()
    expect(page.locator(".walk")).not_to_be_in_viewport(ratio=0.9)
    page.get_by_role("button", name="Try it").click()
    expect(page.locator(".walk")).to_be_in_viewport(ratio=0.9)
    expect(page.locator(".walk")).to_have_attribute("data-step", "7")
    expect(page.locator(".walk .caption")).to_contain_text("overwrites")
    expect(page.get_by_role("switch", name="Assign instead of add")).to_be_checked()
    expect(page.locator(".tried")).to_contain_text("Set: Assign instead of add = on")
    page.wait_for_url(re.compile("assign=on.*step=7|step=7.*assign=on"))
    back = page.get_by_role("button", name="Back to the question")
    expect(back).to_be_focused()
    back.press("Enter")
    expect(page.get_by_role("radio", name="The last occurrence only")).to_be_focused()
    expect(page.get_by_role("button", name="Try it")).to_be_in_viewport()
    expect(page.locator(".walk")).not_to_be_in_viewport(ratio=0.9)
    page.locator('[data-testid="stMain"]').evaluate("(main) => main.scrollTo(0, main.scrollHeight)")
    settled(page).get_by_text("PyTorch", exact=True).click()
    expect(settled(page).get_by_text("import torch").first).to_be_visible()
    expect(page.locator(".walk")).not_to_be_in_viewport(ratio=0.9)  # another rerun does not scroll


def test_on_a_phone_the_result_is_in_view_once_the_prediction_is_locked_in(
    new_context: Callable[..., BrowserContext],
) -> None:
    page = new_context(viewport=PHONE, reduced_motion="reduce").new_page()
    opened(page, "gradient")
    verdict = page.get_by_text(re.compile("^(As you|You) predicted:"))
    expect(verdict).to_be_in_viewport(ratio=1)
    bug = page.get_by_text("Assign instead of add", exact=True)
    bug.click()
    page.wait_for_url(re.compile("assign=on"))
    settled(page)
    expect(bug).to_be_in_viewport()  # another rerun does not scroll


def test_a_figure_of_a_lesson_can_be_seen_without_scrolling(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(viewport=PROJECTOR, reduced_motion="reduce").new_page()
    below = {}
    for slug in LESSONS:
        opened(page, slug)
        figure = page.locator(f".st-key-{slug}_experiment").locator(FIGURES).first
        box = figure.bounding_box()
        below[slug] = PROJECTOR["height"] if box is None else round(box["y"])
    assert max(below.values()) < PROJECTOR["height"] * 0.7, below


def _too_wide(page: Page) -> int:
    """By how many pixels the page can be scrolled sideways."""
    return int(
        page.evaluate(
            """() => Math.max(...[document.documentElement, document.querySelector('[data-testid="stMain"]')]
                .map((box) => box.scrollWidth - box.clientWidth))"""
        )
    )


def violations(page: Page) -> list[str]:
    """What axe finds serious or critical: the rule and where. What is fading in has no colours of its own yet."""
    page.wait_for_function(
        """() => document.getAnimations().every(
            (one) => one.playState !== "running" || one.timeline !== document.timeline)"""
    )
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['target']} {node['html'][:160]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("name", ["lookup", "ids", "gradient"])
def test_what_stands_below_holds_still_while_the_steps_are_walked(page: Page, name: str) -> None:
    opened(page, name)
    below, forward = page.get_by_text("Finding."), page.get_by_role("button", name="Step forward")
    places = set()
    while forward.is_enabled():
        places.add(below.evaluate("e => e.getBoundingClientRect().top + document.querySelector('.stMain').scrollTop"))
        forward.click()
    assert len(places) == 1


def test_the_question_key_leads_into_the_field(page: Page) -> None:
    opened(page, "gradient")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("/")
    expect(page.locator(".st-key-ask_q input")).to_be_focused()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone_and_axe_finds_nothing_serious_in_both_themes(
    new_context: Callable[..., BrowserContext], name: str
) -> None:
    page = new_context(viewport=PHONE, color_scheme="light", reduced_motion="reduce").new_page()
    opened(page, name)
    assert "Traceback" not in page.locator("body").inner_text()
    assert _too_wide(page) == 0
    assert not violations(settled(page)), "on a phone"
    page.set_viewport_size(PROJECTOR)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        expect(page.locator(".stApp")).to_have_css("color-scheme", theme)
        assert not violations(settled(page)), theme
