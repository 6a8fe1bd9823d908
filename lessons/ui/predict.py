"""The prediction: asked before anything is shown, locked in, and shown again beside the result."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any
from uuid import uuid4

import streamlit as st

from lessons.ui.assets import asset_component
from lessons.ui.knobs import came_by_link
from lessons.ui.prose import callout


@dataclass(frozen=True, slots=True)
class Prediction:
    """What is asked before the result is shown. `because`: the reason, or what gives it for the settings."""

    question: str
    options: Sequence[str]
    answer: int
    because: str | Callable[[Any], str]

    @property
    def right(self) -> str:
        """The option that is right."""
        return self.options[self.answer]


def ask(slug: str, prediction: Prediction) -> bool:
    """The question, or what was said and the title of the controls; whether the result is open.

    Who came by a link may skip, visibly.
    """
    if st.session_state.setdefault(_locked_key(slug), ""):
        told = escape(said(slug) or "Skipped.")
        st.html(f'<p class="predicted"><b>Your prediction</b><br>{told}</p><h2 class="controls">Experiment</h2>')
        return True
    with st.container(border=True, gap="xsmall"):
        _ask(slug, prediction)
    return False


def said(slug: str) -> str | None:
    """The option that was locked in; None before that, or if the prediction was skipped."""
    answered = st.session_state.get(_locked_key(slug)) == "answered"
    return str(st.session_state[f"{slug}_prediction"]) if answered else None


def verdict(slug: str, prediction: Prediction, settings: Any) -> None:
    """The result beside the prediction, right or wrong, with the reason."""
    given, right = said(slug), escape(prediction.right)
    if given is None:
        start = f"<b>The answer:</b> {right}."
    elif given == prediction.right:
        start = f"<b>As you predicted:</b> {right}."
    else:
        start = f"<b>You predicted:</b> {escape(given)}. <b>It is:</b> {right}."
    because = prediction.because if isinstance(prediction.because, str) else computed(prediction.because, settings)
    callout(f"{start} {escape(because)}", not_so=given not in (None, prediction.right))


@lru_cache(maxsize=512)
def computed(function: Callable[[Any], Any], settings: Any) -> Any:
    """What a function of a lesson makes of the settings: a rerun with the same ones finds it here."""
    return function(settings)


def show_result(slug: str) -> None:
    """Bring the result into view, once after it is new: on a phone it stands below the controls."""
    if token := st.session_state.pop(f"{slug}_result", ""):
        asset_component("reveal")(key=f"{slug}_locked_reveal", data={"token": token, "said": ""})


def is_new(slug: str) -> None:
    """The result was not seen yet."""
    st.session_state[f"{slug}_result"] = uuid4().hex  # tells it from the results before


def _ask(slug: str, prediction: Prediction) -> None:
    st.markdown("**Predict first**")
    given = st.radio(
        prediction.question, prediction.options, index=None, key=f"{slug}_prediction", persist_state="session",
        help="Predicting first makes what you see afterwards stick, whether or not you were right.",
    )  # fmt: skip
    st.button(
        "Lock in my answer", type="primary", width="stretch", disabled=given is None, key=f"{slug}_lock",
        help="Choose an answer, then lock it in to see the result.", on_click=_lock, args=(slug, "answered"),
    )  # fmt: skip
    if came_by_link():
        st.button(
            "Skip the prediction", type="tertiary", key=f"{slug}_skip", on_click=_lock, args=(slug, "skipped"),
            help="You came by a link: the experiment may open without a prediction.",
        )  # fmt: skip


def _lock(slug: str, how: str) -> None:
    st.session_state[_locked_key(slug)] = how
    is_new(slug)


def _locked_key(slug: str) -> str:
    return f"{slug}_locked"
