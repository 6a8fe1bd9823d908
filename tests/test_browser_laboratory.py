"""The laboratory in a real browser: a text becomes a space, and moving through it costs no rerun."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from tests.browser_setup import settled
from tests.test_browser_course import messages, visit

OWN = "red green blue\nred blue green\none two three\none three two\n"


def space(page: Page) -> Locator:
    return page.locator(".space")


def scrubber(page: Page) -> Locator:
    return page.get_by_role("slider", name="Training step")


def drawn(page: Page) -> Page:
    """Wait until Plotly has drawn a run that stands still."""
    page.locator('.space[data-playing="false"] .js-plotly-plot .point').first.wait_for()
    return settled(page)


def _of_plot(page: Page, expression: str) -> Any:
    return page.locator(".space-canvas").evaluate(f"(plot) => {expression}")


def points(page: Page) -> list[float]:
    """Where the named points are, by Plotly's own data; right while nothing plays."""
    where: list[float] = _of_plot(page, "Array.from(plot.data.find(({uid}) => uid === 'named').x)")
    return where


def pixels(page: Page) -> list[str]:
    """Where the named points are drawn."""
    drawn_at = "(all) => all.map((one) => one.getAttribute('transform'))"
    where: list[str] = page.locator(".tracenamed .points path").evaluate_all(drawn_at)
    return where


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


def own_text(page: Page, text: str = OWN) -> None:
    choose(page, "Text", "Your own text")
    page.get_by_role("textbox", name="Paste or type").fill(text)
    page.get_by_role("textbox", name="Paste or type").press("Control+Enter")
    expect(page.get_by_text(f"{len(text.split())} words")).to_be_visible()
    settled(page)


def test_a_pasted_text_is_trained_and_scrubbing_moves_the_picture_without_a_rerun(page: Page) -> None:
    sent = messages(page)
    drawn(visit(page, "/laboratory"))
    own_text(page)
    page.get_by_role("button", name="Train 300 steps").click()
    expect(space(page)).to_have_attribute("data-playing", "true")
    page.get_by_role("button", name="Pause").click()
    drawn(page)
    before, runs = len(sent), space(page).get_attribute("data-runs")
    assert before > 0
    scrubber(page).press("Home")
    expect(space(page)).to_have_attribute("data-step", "0")
    first, first_pixels, first_loss = points(page), pixels(page), page.locator(".space-loss").inner_text()
    scrubber(page).press("End")
    expect(space(page)).to_have_attribute("data-step", "300")
    expect(page.locator(".space-loss")).not_to_have_text(first_loss)
    assert max(abs(a - b) for a, b in zip(first, points(page), strict=True)) > 0.5
    assert first_pixels != pixels(page)
    options = page.get_by_role("combobox", name="Word").locator("option").all_inner_texts()
    assert sorted(options) == sorted(set(OWN.split()))
    assert len(sent) == before
    assert space(page).get_attribute("data-runs") == runs


def test_play_moves_on_and_pause_holds_the_step_without_a_rerun(page: Page) -> None:
    sent = messages(page)
    drawn(visit(page, "/laboratory"))
    before = len(sent)
    page.get_by_role("button", name="Play", exact=True).click()
    expect(space(page)).to_have_attribute("data-playing", "true")
    expect(space(page)).not_to_have_attribute("data-step", re.compile("^(300|0)$"))
    first = page.locator(".tracenamed .points path").first
    expect(first).not_to_have_attribute("transform", str(first.get_attribute("transform")))
    page.get_by_role("button", name="Pause").click()
    expect(space(page)).to_have_attribute("data-playing", "false")
    held = space(page).get_attribute("data-step")
    page.wait_for_url(re.compile(f"step={held}(&|$)"))
    page.get_by_role("button", name="Step forward").click()
    assert int(str(space(page).get_attribute("data-step"))) > int(str(held))
    assert len(sent) == before


@pytest.mark.parametrize("width", [1280, 390])
def test_the_height_of_the_player_is_kept_free_until_it_is_there(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.route("**/space.js", lambda route: None)  # it never arrives
    room = visit(page, "/laboratory").locator(".st-key-lab_space")
    free = room.evaluate("(room) => room.offsetHeight")
    page.unroute_all(behavior="ignoreErrors")
    drawn(visit(page, "/laboratory"))
    assert 0.93 * room.evaluate("(room) => room.offsetHeight") < free <= room.evaluate("(room) => room.offsetHeight")


def test_a_view_that_was_zoomed_is_kept_when_a_setting_changes(page: Page) -> None:
    drawn(visit(page, "/laboratory?steps=50"))
    whole = _of_plot(page, "plot.layout.xaxis.range")
    box = page.locator(".space-canvas .nsewdrag").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, -400)
    expect(page.get_by_role("button", name="Reset view")).to_be_visible()
    zoomed = _of_plot(page, "plot.layout.xaxis.range")
    assert zoomed[1] - zoomed[0] < 0.95 * (whole[1] - whole[0])
    run = space(page).evaluate("(root) => Number(root.dataset.runs)")
    chooser = page.get_by_role("combobox", name="Optimizer")
    chooser.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # a list that opens while the page still scrolls is closed again
    chooser.fill("SGD")
    expect(page.get_by_role("option", name="SGD", exact=True)).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("optimizer=SGD"))
    drawn(page)
    assert space(page).evaluate("(root) => Number(root.dataset.runs)") > run
    assert _of_plot(page, "plot.layout.xaxis.range") == zoomed
    page.get_by_role("button", name="Reset view").click()
    expect(page.get_by_role("button", name="Reset view")).to_be_hidden()


def test_a_link_reopens_settings_step_word_and_loss_for_somebody_else(
    page: Page, new_context: Callable[..., BrowserContext]
) -> None:
    drawn(visit(page, "/laboratory?source=Royal houses&steps=50&seed=7&columns=5"))
    scrubber(page).fill("20")
    scrubber(page).press("ArrowRight")
    page.get_by_role("combobox", name="Word").select_option("queen")
    page.wait_for_url(re.compile("word=queen"))
    other = new_context().new_page()
    drawn(visit(other, page.url))
    for seen in (page, other):
        expect(space(seen)).to_have_attribute("data-step", "21")
        expect(seen.get_by_role("combobox", name="Word").locator("option:checked")).to_have_text("queen")
        expect(seen.get_by_role("slider", name="Dimensions D")).to_have_value("5")
    assert other.locator(".space-loss").inner_text() == page.locator(".space-loss").inner_text()
    assert re.search(r"\d", page.locator(".space-loss").inner_text())
    assert points(other) == points(page)


def test_a_text_of_ones_own_travels_in_the_link(page: Page, new_context: Callable[..., BrowserContext]) -> None:
    drawn(visit(page, "/laboratory"))
    own_text(page)
    page.wait_for_url(re.compile("text="))
    other = new_context().new_page()
    drawn(visit(other, page.url))
    expect(other.get_by_role("textbox", name="Paste or type")).to_have_value(OWN)
    assert points(other) == points(drawn(page))


def test_a_bad_value_in_a_link_is_named_and_the_page_works(page: Page) -> None:
    drawn(visit(page, "/laboratory?steps=fifty&step=99999&word=unicorn"))
    expect(page.get_by_text("In the link, steps must be one of")).to_be_visible()
    expect(page.get_by_text("The link asks for step 99,999; this run has 300 steps")).to_be_visible()
    expect(page.get_by_text("The link asks for the word 'unicorn', which has no row here.")).to_be_visible()
    expect(space(page)).to_have_attribute("data-step", "300")


def test_a_file_in_another_encoding_is_refused_and_the_old_text_stays(page: Page) -> None:
    drawn(visit(page, "/laboratory"))
    own_text(page)
    file = FilePayload(name="latin.txt", mimeType="text/plain", buffer="un café noir".encode("latin-1"))
    page.locator('input[type="file"]').set_input_files(file)
    expect(page.get_by_text("must be UTF-8, but byte 0xE9 at position 6 is not. The text above stays.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Paste or type")).to_have_value(OWN)
    expect(settled(page).get_by_text(f"{len(OWN.split())} words")).to_be_visible()
    assert "Traceback" not in page.locator("body").inner_text()


def test_stop_keeps_what_was_trained_and_train_goes_on_to_the_end(page: Page) -> None:
    visit(page, "/laboratory?head=Skip-gram, by pairs&steps=5000&seed=41&columns=2")
    expect(page.get_by_text("waits for the button")).to_be_visible()
    page.get_by_role("button", name="Train 5,000 steps").click()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(
        page.get_by_text(re.compile(r"Stopped at step [\d,]+ of 5,000\. Train goes on from there\."))
    ).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    assert int(str(scrubber(drawn(page)).get_attribute("max"))) > 0
    page.get_by_role("button", name="Train 5,000 steps").click()
    expect(space(page)).to_have_attribute("data-playing", "true", timeout=30_000)
    expect(settled(page).get_by_text("Stopped at step")).to_have_count(0)
    expect(page.locator(".space .controls-text")).to_contain_text("/ 5000")


def test_explain_opens_the_step_on_the_screen_with_its_numbers(page: Page) -> None:
    drawn(visit(page, "/laboratory?steps=50&step=12"))
    page.get_by_role("button", name="Explain step 12").click()
    expect(page.locator(".walk .caption")).to_contain_text("1 Look up.")
    expect(settled(page).get_by_role("spinbutton", name=re.compile("^Step, 1 to 50"))).to_have_value("12")
    expect(space(page)).to_have_attribute("data-step", "12")
    landing = page.get_by_text("Largest difference from the table that training recorded: ").inner_text()
    difference = landing.removesuffix(".").rsplit(" ", 1)[1].replace("\N{MINUS SIGN}", "-")
    assert float(difference) < 1e-6, landing
