"""The settings, pins, colours and files that everything else stands on."""

import gzip
import json
import re
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page, Response, expect
from streamlit import config
from streamlit.testing.v1 import AppTest

from lessons.ui.assets import asset_component, asset_files, asset_version
from tests.browser_setup import settled

ROOT = Path(__file__).parents[1]
SETTINGS = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())
AA_TEXT = 4.5


def _options() -> dict[str, object]:
    """Each option of our file that is not a colour scheme's, as `section.option`."""
    return {
        f"{section}.{name}": value
        for section, options in SETTINGS.items()
        for name, value in options.items()
        if not isinstance(value, dict)
    }


@pytest.mark.parametrize(
    "option", [*_options(), *(f"theme.{m}.{n}" for m in ("light", "dark") for n in SETTINGS["theme"][m])]
)
def test_streamlit_knows_every_option_that_is_set(option: str) -> None:
    assert option in config.get_config_options()


@pytest.mark.parametrize(
    ("option", "measured"),
    [
        ("runner.postScriptGC", False),
        ("server.fileWatcherType", "none"),
        ("server.headless", True),
        ("browser.gatherUsageStats", False),
        ("client.showErrorDetails", "none"),
        ("client.toolbarMode", "viewer"),
    ],
)
def test_the_measured_settings_are_in_force(option: str, measured: object) -> None:
    config.get_config_options(force_reparse=True)
    assert config.get_option(option) == measured


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop does not run there")
def test_the_server_takes_the_faster_event_loop() -> None:
    factory = uvicorn.Config("app:app").get_loop_factory()
    assert factory is not None
    with closing(factory()) as loop:
        assert type(loop).__module__ == "uvloop"


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
@pytest.mark.parametrize("ink", ["textColor", "linkColor", "primaryColor", "codeTextColor"])
def test_text_is_readable(mode: str, ground: str, ink: str) -> None:
    theme = SETTINGS["theme"][mode]
    assert contrast(theme[ink], theme[ground]) >= AA_TEXT


@pytest.mark.parametrize(("mode", "place"), [("light", 0), ("dark", 1)])
def test_text_on_the_primary_colour_is_readable(mode: str, place: int) -> None:
    styles = asset_files()["page.css"].read_text()
    pair = re.search(r"--on-primary: light-dark\((#\w{6}), (#\w{6})\)", styles)
    assert pair is not None
    assert contrast(pair.groups()[place], SETTINGS["theme"][mode]["primaryColor"]) >= AA_TEXT


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_primary_colour_is_the_one_of_what_is_chosen(mode: str) -> None:
    assert SETTINGS["theme"][mode]["primaryColor"] == {"light": "#0f766e", "dark": "#2dd4bf"}[mode]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt", "requirements-parity.txt"])
def test_every_requirement_is_pinned(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith(("#", "-r "))]
    assert all(re.fullmatch(r"[A-Za-z0-9-]+==\d+(\.\d+)+(; .+)?", line) for line in lines), lines


def _pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text().splitlines()
    return dict(line.split("==") for line in lines if "==" in line)


def test_the_frameworks_are_compared_with_the_versions_that_the_app_runs_with() -> None:
    here = _pins("requirements.txt") | _pins("requirements-test.txt")
    shared = here.keys() & _pins("requirements-parity.txt").keys()
    assert shared >= {"numpy", "scipy", "hypothesis", "pytest"}
    assert all(_pins("requirements-parity.txt")[name] == here[name] for name in shared)


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:  # a downloaded archive has no history
        return [
            path
            for path in ROOT.rglob("*")
            if path.is_file() and not {".venv", ".venv-parity"}.intersection(path.parts)
        ]
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    folder = re.compile("/" + r"(work|root|home/\w+|tmp/bash\w*)/")
    texts = [path for path in _tracked() if path.suffix in {".py", ".toml", ".txt", ".md", ".js", ".css", ".yml", ""}]
    naming = [str(path) for path in texts if path.is_file() and folder.search(path.read_text(errors="replace"))]
    assert not naming


def fetch(url: str, accepted: str) -> tuple[bytes, dict[str, str]]:
    """Return the body as it was sent and the headers, their names in lower case."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": accepted})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


@pytest.mark.parametrize("name", sorted(asset_files()))
def test_a_file_arrives_compressed_and_is_kept(server: str, name: str) -> None:
    body, headers = fetch(f"{server}/assets/{asset_version()}/{name}", "gzip")
    assert gzip.decompress(body) == asset_files()[name].read_bytes()
    assert headers["content-encoding"] == "gzip"
    assert "immutable" in headers["cache-control"]


def test_a_browser_without_gzip_gets_the_file_itself(server: str) -> None:
    body, headers = fetch(f"{server}/assets/{asset_version()}/plotly.min.js", "identity")
    assert body == asset_files()["plotly.min.js"].read_bytes()
    assert headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path",
    [
        "assets/000000000000/plotly.min.js",
        "assets/{version}/nothing.js",
        "assets/{version}/__init__.py",
        "assets/{version}/..%2fserving.py",
        "assets/{version}/%2e%2e/serving.py",
    ],
)
def test_nothing_else_is_served(server: str, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetch(f"{server}/{path.format(version=asset_version())}", "gzip")
    refused.value.close()
    assert refused.value.code in {400, 404}


def test_a_component_needs_a_module() -> None:
    with pytest.raises(ValueError, match="got 'nothing'"):
        asset_component("nothing")


THREADS_OF_A_VISIT = """
import app, asyncio, json
from concurrent.futures import ThreadPoolExecutor
from threadpoolctl import threadpool_info
from lessons.ui.serving import lifespan

async def visit():
    async with lifespan(app.app):
        with ThreadPoolExecutor() as threads:
            return threads.submit(threadpool_info).result()

print(json.dumps([pool["num_threads"] for pool in asyncio.run(visit())]))
"""


def test_a_visit_computes_on_one_thread() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", THREADS_OF_A_VISIT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    pools = json.loads(ran.stdout)
    assert pools
    assert set(pools) == {1}


def _failing_page() -> None:
    from lessons.ui.serving import on_script_error

    assert on_script_error(ValueError("the inside of the program"))


def test_a_failing_page_says_so_and_shows_nothing_of_the_program() -> None:
    page = AppTest.from_function(_failing_page).run()
    assert len(page.error) == 1
    assert "inside of the program" not in page.error[0].value
    assert not page.exception


def test_a_first_visit_is_quiet_compressed_and_stays_on_this_machine(page: Page) -> None:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/")
    expect(settled(page).get_by_role("heading", level=1)).to_be_visible()
    scripts = [answer for answer in answers if answer.url.endswith((".js", ".css"))]
    assert scripts
    assert {answer.header_value("content-encoding") for answer in scripts} == {"gzip"}


def test_an_unknown_address_leads_to_the_first_page_and_says_so(page: Page, complaints: list[str]) -> None:
    page.goto("/no-such-page")
    expect(settled(page).get_by_role("dialog")).to_be_visible()
    assert [complaint for complaint in complaints if "does not seem to exist" not in complaint] == []
    complaints.clear()
