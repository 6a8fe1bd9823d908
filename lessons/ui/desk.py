"""Where a learner works: the prediction and then the controls at the left, the result at the right."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from lessons.ui.predict import Prediction, ask, show_result

COLUMNS = (1, 2.7)  # the widths of the sides, as in page.css: for what stands below and is to line up


def desk(
    slug: str,
    prediction: Prediction,
    controls: Callable[[], Any],
    sealed: Callable[[], None],
    result: Callable[[Any], None],
) -> tuple[bool, Any]:
    """Whether the result is open, and the settings that `controls` returned, which `result` takes.

    Until it is open `sealed` stands in its place. The sides are laid out by page.css: columns would cost the page more.
    """
    settings = None
    with st.container(key=f"{slug}_desk"):
        is_open = ask(slug, prediction)
        if is_open:
            with st.container(border=True, gap="small"):
                settings = controls()
        with st.container(key=f"{slug}_experiment"):
            if is_open:
                result(settings)
                show_result(slug)
            else:
                sealed()
    return is_open, settings
