"""The real app on a free port, and a browser that fails the test when a page complains or leaves this machine."""

import re
import tempfile
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import settings
from playwright.sync_api import BrowserContext, ConsoleMessage

from tests.app_server import running_app
from tests.browser_setup import ADVICE, LAUNCH_ARGS, find_chromium

settings.register_profile("here", settings(), deadline=None)  # a busy machine is not a failing test
settings.load_profile("here")
COMPLAINT = re.compile(r"Traceback|\bwarning\b|\berror\b", re.IGNORECASE)
# Opened at /gradient, Streamlit first asks below that address whether the app lives there, and gets the 404 it expects.
PROBE = re.compile(r"/\w[\w-]*/_stcore/(health|host-config)$")
LOCAL = {"localhost", "127.0.0.1"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a page as `browser`, and run it last."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Start the app as `make app` does and yield its address; fail if it wrote a traceback or a warning."""
    with tempfile.TemporaryFile("w+") as log:
        with running_app(log) as app:
            yield app.address
        log.seek(0)
        written = log.read()
    assert not COMPLAINT.search(written), f"the server wrote:\n{written}"


@pytest.fixture(scope="session")
def base_url(server: str) -> str:
    """Let `page.goto("/gradient")` mean the app's page."""
    return server


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the Chromium that is there."""
    path = find_chromium()
    if path is None:
        pytest.fail(ADVICE)
    return {**browser_type_launch_args, "executable_path": path, "args": LAUNCH_ARGS}


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """Fail the test on an error in the console or in a script, or on a request to another machine.

    A test that breaks something on purpose clears the list.
    """
    heard: list[str] = []
    yield heard
    assert not heard, "\n".join(heard)


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext], complaints: list[str]) -> Callable[..., BrowserContext]:
    """Return what opens a browser context of the test's own; `context` and `page` come from it."""

    def opened(**options: Any) -> BrowserContext:
        context = new_context(**options)
        _listen(context, complaints)
        return context

    return opened


def _listen(context: BrowserContext, complaints: list[str]) -> None:
    def note_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not PROBE.search(message.location["url"]):
            complaints.append(f"console: {message.text} ({message.location})")

    def note_address(url: str) -> None:
        address = urlsplit(url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname not in LOCAL:
            complaints.append(f"request to {url}")

    context.on("console", note_console)
    context.on("weberror", lambda raised: complaints.append(f"page error: {raised.error}"))
    context.on("request", lambda request: note_address(request.url))
    context.on("page", lambda page: page.on("websocket", lambda socket: note_address(socket.url)))
