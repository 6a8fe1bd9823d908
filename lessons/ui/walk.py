"""A computation walked through in the browser: scenes are drawn here once, moving between them costs no rerun."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from lessons.ui.assets import asset_component


class Scene(NamedTuple):
    """One step: a sentence that says what happens (may hold <b>), and the matrices as HTML."""

    caption: str
    html: str


def walk(scenes: Sequence[Scene], *, step: int | None = None, in_address: bool = True, key: str) -> None:
    """Show the scenes behind the step controls; the first visit begins at `step`, counted from 1.

    in_address: whether the link to the page says which step is shown; only one player of a page can.
    """
    data = {
        "scenes": [scene._asdict() for scene in scenes],
        "step": max(1, min(step or 1, len(scenes))),
        "inAddress": in_address,
    }
    asset_component("walk")(key=key, data=json.dumps(data).encode())  # bytes spare Streamlit reading it through
