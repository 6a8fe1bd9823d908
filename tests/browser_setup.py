"""Find a Chromium that starts, and install one where there is none: `python -m tests.browser_setup`.

Also what every script that drives the app needs: the arguments to start it with, and `settled`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

LAUNCH_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
# In a process of its own: playwright allows one event loop a thread, and pytest-playwright has it.
OWN_BROWSER = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
ADVICE = """
No Chromium could be found or installed, and the browser tests are never skipped. Do one of these and try again:
  - install Chromium or Google Chrome (Debian, Ubuntu: sudo apt-get install chromium)
  - .venv/bin/playwright install --with-deps chromium
  - CHROMIUM=/path/to/chromium make test
"""


@cache
def find_chromium() -> str | None:
    """Return the path of the first Chromium that can open a page, or None."""
    return next((path for path in _candidates() if _starts(path)), None)


def settled(page: Page) -> Page:
    """Wait until Streamlit has run the script and drawn what came of it, and return the page."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=30_000)
    page.wait_for_function("""() => !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')""")
    return page


def _candidates() -> Iterator[str]:
    if named := os.environ.get("CHROMIUM"):
        yield named
        return
    yield from filter(None, map(shutil.which, NAMES))
    yield from (place for place in PLACES if Path(place).exists())
    own = subprocess.run([sys.executable, "-c", OWN_BROWSER], check=True, capture_output=True, text=True).stdout.strip()
    if Path(own).exists():
        yield own


def _starts(path: str) -> bool:
    """Open a page with it: some systems have a `chromium` that only says where to get one."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [path, "--headless", f"--user-data-dir={profile}", *LAUNCH_ARGS, "--dump-dom", "about:blank"]
        try:
            opened = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"{path} does not start: {error}", file=sys.stderr)
            return False
    return "<body>" in opened.stdout


def install_chromium() -> None:
    """Install Chromium from the system's packages if we may, else through playwright."""
    root = ["sudo", "-n"] if not _is_root() else []
    if shutil.which("apt-get") and (not root or _succeeds(["sudo", "-n", "true"])):
        _succeeds([*root, "apt-get", "update", "-qq"])
        _succeeds([*root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])
        find_chromium.cache_clear()
        if find_chromium():
            return
    _succeeds([sys.executable, "-m", "playwright", "install", "chromium"])


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _succeeds(command: list[str]) -> bool:
    print("$", " ".join(command), file=sys.stderr)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(command, check=False, env=environment, stdin=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        return False


def main() -> None:
    """Print the browser that the tests will use; end with an error if there is none."""
    path = find_chromium()
    if path is None and "CHROMIUM" not in os.environ:  # who names a browser wants that one
        install_chromium()
        find_chromium.cache_clear()
        path = find_chromium()
    if path is None:
        sys.exit(ADVICE)
    print(f"browser: {path}")


if __name__ == "__main__":
    main()
