"""What the browser remembers, and what the keyboard does: in a real browser, with two tabs, and with storage closed."""

import json
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from lessons import check
from lessons.course import COURSE
from tests.browser_setup import settled

KEY = "inside-the-embedding-layer"
PHONE: ViewportSize = {"width": 390, "height": 844}
BOX, LOOKUP = COURSE[0], COURSE[1]
CLOSED = (
    """Object.defineProperty(window, "localStorage", {get() { throw new DOMException("closed", "SecurityError"); }})"""
)
DIALOG = "dialog.keys"


def visit(page: Page, path: str) -> Page:
    page.set_default_timeout(10_000)
    page.goto(path)
    settled(page).locator(".keys-open").wait_for(state="attached")
    page.wait_for_timeout(500)  # what is stored is told to Python, which then draws the page again
    return settled(page)


def predict(page: Page) -> Page:
    """Lock in the first option of the prediction."""
    page.get_by_role("radiogroup").first.locator("label").first.click()
    settled(page).get_by_role("button", name="Lock in my answer").click()
    page.get_by_text(re.compile("^(As you|You) predicted:")).wait_for()
    return settled(page)


def stored(page: Page) -> str | None:
    """The text that the browser keeps, once the page has come to rest."""
    page.wait_for_timeout(300)
    text: str | None = page.evaluate(f"localStorage.getItem('{KEY}')")
    return text


def states(page: Page) -> list[str]:
    """What the map of the home page says of each lesson."""
    marks = page.locator(".st-key-map em")
    expect(marks).to_have_count(len(COURSE))
    return [text.strip() for text in marks.all_inner_texts()]


def heading(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    settled(page)


# ---------------------------------------------------------------- progress


def test_a_mark_survives_a_reload_and_a_new_tab_and_is_sent_once(context: BrowserContext, page: Page) -> None:
    visit(page, f"/{BOX.slug}")
    assert stored(page) is None
    predict(page)
    assert json.loads(stored(page) or "")["lessons"] == {BOX.slug: [1, 0, 0]}
    visit(page, "/")
    expect(page.get_by_text("◐ Begun").first).to_be_visible()
    other = context.new_page()
    frames: list[str | bytes] = []
    other.on("websocket", lambda socket: socket.on("framesent", lambda frame: frames.append(frame)))
    visit(other, "/")
    expect(other.get_by_text("◐ Begun").first).to_be_visible()
    assert states(other)[1:] == ["○ Not begun"] * (len(COURSE) - 1)
    assert len([frame for frame in frames if KEY.encode() in _bytes(frame) or b"lessons" in _bytes(frame)]) == 1
    visit_again = len(frames)
    other.get_by_role("button", name="Continue with lesson 1").click()
    heading(other, BOX.title)
    other.wait_for_timeout(300)
    assert len(frames) - visit_again <= 2  # the button, and the page that it leads to: nothing for the marks


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame


def test_two_tabs_lose_nothing_and_forgetting_in_one_reaches_the_other(context: BrowserContext, page: Page) -> None:
    visit(page, f"/{BOX.slug}")
    other = context.new_page()
    visit(other, f"/{LOOKUP.slug}")
    predict(page)
    predict(other)
    assert set(json.loads(stored(other) or "")["lessons"]) == {BOX.slug, LOOKUP.slug}
    visit(page, "/")
    expect(page.get_by_text("◐ Begun")).to_have_count(2)
    visit(other, "/")
    page.get_by_role("button", name="Forget my progress").click()
    page.get_by_role("button", name="Yes, forget them").click()
    expect(page.get_by_text("◐ Begun")).to_have_count(0)
    assert json.loads(stored(page) or "") == {"version": 1, "era": 1, "lessons": {}, "tests": {}}
    expect(other.get_by_text("◐ Begun")).to_have_count(2)
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # the tab is looked at again
    expect(other.get_by_text("◐ Begun")).to_have_count(0)
    assert json.loads(stored(other) or "")["lessons"] == {}


def test_marks_are_stored_although_a_page_was_left_while_it_was_drawn(page: Page) -> None:
    visit(page, f"/{BOX.slug}")
    predict(page)
    visit(page, f"/{LOOKUP.slug}")
    assert json.loads(stored(page) or "")["lessons"] == {BOX.slug: [1, 0, 0]}
    page.evaluate("document.querySelectorAll('.st-key-footer a').forEach((link) => link.click())")  # all at once
    heading(page, COURSE[2].title)
    predict(page)
    assert json.loads(stored(page) or "")["lessons"] == {BOX.slug: [1, 0, 0], COURSE[2].slug: [1, 0, 0]}


def test_before_and_after_are_kept_and_compared(page: Page) -> None:
    visit(page, "/")
    page.get_by_role("button", name="Begin: seven quick guesses").click()
    heading(page, "Before you begin")
    settled(page).get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Handed in.")).to_be_visible()
    visit(page, "/after")
    for group, item in zip(page.get_by_role("radiogroup").all(), check.items(), strict=True):
        group.locator("label").nth(item.question.answer).click()
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".figures dd").nth(2)).to_contain_text("+7")
    assert set(json.loads(stored(settled(page)) or "")["tests"]) == {"before", "after"}
    visit(page, "/after")
    expect(page.locator(".figures dd").nth(2)).to_contain_text("+7")


def test_with_closed_storage_the_course_works_and_says_so(
    new_context: Callable[..., BrowserContext], complaints: list[str]
) -> None:
    context = new_context()
    context.add_init_script(CLOSED)
    page = context.new_page()
    predict(visit(page, f"/{BOX.slug}"))
    page.keyboard.press("p")
    heading(page, "Before you begin")
    expect(page.get_by_text(check.BLOCKED)).to_be_visible()
    complaints.clear()  # Streamlit's own


# ---------------------------------------------------------------- keys


def test_n_and_p_turn_the_pages_and_a_field_keeps_its_letters(page: Page) -> None:
    visit(page, "/before")
    for title in (BOX.title, LOOKUP.title):
        page.keyboard.press("n")
        heading(page, title)
    page.keyboard.press("p")
    heading(page, BOX.title)
    page.keyboard.press("/")
    heading(page, "Ask")
    field = page.get_by_role("searchbox", name="Your question")
    expect(field).to_be_focused()
    page.keyboard.type("n p ?")
    expect(field).to_have_value("n p ?")
    expect(page.locator(DIALOG)).to_be_hidden()


def test_the_list_of_keys_names_what_works_here_and_gives_the_focus_back(page: Page) -> None:
    predict(visit(page, f"/{LOOKUP.slug}"))
    page.locator(".walk").wait_for()
    page.get_by_role("button", name="Keyboard shortcuts").press("Enter")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_text("Next page of the course")).to_be_visible()
    expect(dialog.get_by_text("Steps of a figure")).to_be_visible()
    page.keyboard.press("n")
    heading(page, LOOKUP.title)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Keyboard shortcuts")).to_be_focused()
    visit(page, "/glossary")
    page.keyboard.press("?")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_text("Next page of the course")).to_have_count(0)
    expect(dialog.get_by_text("Steps of a figure")).to_have_count(0)


def test_the_letter_keys_can_be_switched_off_for_good(page: Page) -> None:
    visit(page, "/before")
    page.keyboard.press("?")
    page.get_by_role("checkbox", name="Listen to the single keys").uncheck()
    page.get_by_role("button", name="Close", exact=True).click()
    for _ in range(2):
        page.keyboard.press("n")
        page.keyboard.press("?")
        page.wait_for_timeout(200)
        heading(page, "Before you begin")
        expect(page.locator(DIALOG)).to_be_hidden()
        visit(page, "/before")
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_role("checkbox", name="Listen to the single keys").check()
    page.get_by_role("button", name="Close", exact=True).click()
    page.keyboard.press("n")
    heading(page, BOX.title)


# ---------------------------------------------------------------- search


def test_a_question_on_the_home_page_leads_to_the_experiment_that_answers_it(page: Page) -> None:
    visit(page, "/")
    field = page.get_by_role("searchbox", name="Your question")
    field.fill("why is input_dim one larger?")
    field.press("Enter")
    heading(page, "Ask")
    page.wait_for_url(re.compile(r"/ask\?q=why"))
    page.get_by_role("link", name=re.compile("Open lesson 3")).first.click()
    heading(page, COURSE[2].title)
    page.get_by_role("button", name="Skip the prediction").click()
    expect(settled(page).get_by_text("The answer:")).to_be_visible()
    page.go_back()
    heading(page, "Ask")
    expect(page.get_by_role("searchbox", name="Your question")).to_have_value("why is input_dim one larger?")


# ---------------------------------------------------------------- everyone can use it


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_no_page_is_too_wide(
    new_context: Callable[..., BrowserContext], theme: str
) -> None:
    page = new_context(color_scheme=theme, reduced_motion="reduce").new_page()
    found: dict[str, tuple[list[str], int]] = {}
    for name in ("", "before", "after", "ask?q=is it a cbow", "ask?q=zzz", "glossary", "glossary?term=target"):
        visit(page, f"/{name}")
        if name == "after":
            page.get_by_role("button", name="Hand in").click()
            page.locator(".figures").wait_for()
        found[name] = _serious(page), _too_wide(page)
    page.keyboard.press("?")
    found["keys"] = _serious(page), _too_wide(page)
    assert not {name: problems for name, problems in found.items() if problems != ([], 0)}


def _serious(page: Page) -> list[str]:
    """What axe finds serious or critical. On a phone it also finds Streamlit's own folded navigation, so not there."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['html'][:160]}"
        for each in violations
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]


def _too_wide(page: Page) -> int:
    """By how many pixels the page can be scrolled sideways on a phone."""
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size(PHONE)
    main = """document.querySelector('[data-testid="stMain"]')"""
    wide = int(page.evaluate(f"{main}.scrollWidth - {main}.clientWidth"))
    page.set_viewport_size(size)
    return wide
