"""What accompanies every page: keys and their list, the visitor's progress, the link to what is on the screen.

It is one component (assets/companion.js), since each would cost every rerun half a millisecond.
"""

from collections.abc import Mapping

import streamlit as st

from lessons.ui.assets import asset_component

KEY = "companion"


def sent() -> str:
    """The last message about progress that the browser has sent; "" before the first."""
    return getattr(st.session_state.get(KEY), "kept", None) or ""


def accompany(page: str, progress: Mapping[str, str], settings: Mapping[str, str] | None) -> None:
    """Draw it at the end of a run. page: its address. settings: what follows the address; None if the page has none."""
    data = {"page": page, **progress, "settings": settings}
    asset_component("companion")(key=KEY, data=data, default={"kept": ""}, on_kept_change=_nothing)


def _nothing() -> None:
    """A state of the component exists in its result only if a callback is named for it."""
