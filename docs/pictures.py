"""Take the pictures of the README from the running app: `make pictures`."""

from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from lessons.course import COURSE
from tests.app_server import running_app
from tests.browser_setup import LAUNCH_ARGS, find_chromium, settled

FOLDER = Path(__file__).parent / "pictures"
SIZE: ViewportSize = {"width": 1280, "height": 720}
LINKS = {
    "box": "?rows=6",
    "lookup": "?step=3",
    "gradient": "?step=7",
    "task": "?step=200",
}  # the state that is shown, if not the first
# File name -> address.
PICTURES = {
    "home": "/",
    **{f"lesson-{lesson.number}": f"/{lesson.slug}{LINKS.get(lesson.slug, '')}" for lesson in COURSE},
    "laboratory": "/laboratory?step=120&word=tasty",
    "labs": "/labs",
}


def main() -> None:
    """Write one PNG per page into docs/pictures/."""
    FOLDER.mkdir(exist_ok=True)
    with running_app() as app, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=LAUNCH_ARGS)
        page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        for name, path in PICTURES.items():
            _take(page, app.address + path, FOLDER / f"{name}.png")
        browser.close()


def _take(page: Page, url: str, file: Path) -> None:
    page.goto(url)
    settled(page)
    options = page.get_by_role("radiogroup").last.get_by_role("radio")  # the prediction stands last
    if page.get_by_role("button", name="Lock in my answer").count():
        options.nth(1).check(force=True)
        settled(page)
        page.get_by_role("button", name="Lock in my answer").click()
        page.get_by_text("Finding.").wait_for()  # the end of the figure, which may have to be computed first
        settled(page)
    if "laboratory" in url:
        page.locator(".js-plotly-plot .point").first.wait_for()
    page.mouse.move(0, 0)
    page.wait_for_timeout(1000)  # fonts, tooltips and the last glide
    page.screenshot(path=file)
    print(file)


if __name__ == "__main__":
    main()
