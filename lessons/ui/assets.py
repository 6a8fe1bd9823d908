"""The files that the pages load by themselves: one version for all, one loader for each component."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.metadata import version as installed_version
from importlib.resources import files
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

FOLDER = Path(__file__).parent / "assets"
# A ":material/...:" here would be fetched from another machine by the browser, and a file read again in every run.
PAGE_ICON = f"data:image/svg+xml;base64,{b64encode((FOLDER / 'icon.svg').read_bytes()).decode()}"
MEDIA_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
LOADER = (
    'const {{default: draw}} = await import(new URL("assets/{version}/{name}.js", document.baseURI).href);\n'
    "export default draw;\n"
)


@cache
def asset_files() -> dict[str, Path]:
    """Return where each served file is, by its name; plotly.min.js is the one of the installed plotly."""
    own = {path.name: path for path in sorted(FOLDER.iterdir()) if path.suffix in MEDIA_TYPES}
    return own | {"plotly.min.js": Path(str(files("plotly") / "package_data" / "plotly.min.js"))}


@cache
def asset_version() -> str:
    """Return 12 hexadecimal digits that change when a file of ours or plotly does."""
    digest = sha256(installed_version("plotly").encode())
    for path in sorted(FOLDER.iterdir()):
        if path.suffix in MEDIA_TYPES:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


@cache
def asset_component(name: str) -> ComponentRenderer:
    """Register the component whose module is `assets/<name>.js` and return what mounts it.

    Raises:
        ValueError: there is no such module.
    """
    if f"{name}.js" not in asset_files():
        raise ValueError(f"a component's name must be that of a module in {FOLDER.name}/, got {name!r}")
    loader = LOADER.format(version=asset_version(), name=name)
    return st.components.v2.component(f"embedding_{name}", js=loader, isolate_styles=True)


def page_styles() -> None:
    """Let the page load `page.css`, which the browser then keeps; once a run, it takes no room."""
    st.html(f'<style>@import url("assets/{asset_version()}/page.css");</style>')
