"""A computation walked through in the browser: scenes are drawn here once, moving between them costs no rerun."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import streamlit as st

from lessons.ui.assets import asset_component
from lessons.ui.quiz import TRIES


class Scene(NamedTuple):
    """One step: a sentence that says what happens (may hold <b>), and the matrices as HTML."""

    caption: str
    html: str


def walk(scenes: Sequence[Scene], *, step: int | None = None, in_address: bool = True, key: str) -> None:
    """Show the scenes behind the step controls; the first visit begins at `step`, from 1, and a "Try it" goes there.

    in_address: whether the link to the page says which step is shown; only one player of a page can.
    """
    start = None if step is None else max(1, min(step, len(scenes)))
    tries = st.session_state.get(TRIES, 0) if in_address else 0
    asset_component("walk")(key=key, data=_packed(tuple(scenes), start, in_address, tries))


@lru_cache(maxsize=64)
def _packed(scenes: tuple[Scene, ...], step: int | None, in_address: bool, tries: int) -> bytes:
    """What the browser gets, as bytes: they spare Streamlit reading it through."""
    told = [scene._asdict() for scene in scenes]
    return json.dumps({"scenes": told, "step": step, "inAddress": in_address, "tries": tries}).encode()
