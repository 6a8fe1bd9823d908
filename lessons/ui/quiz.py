"""The quiz of a lesson: every option answers back, and where a setting shows the point, a button sets it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import streamlit as st

from lessons.ui.assets import asset_component
from lessons.ui.knobs import Knobs
from lessons.ui.prose import callout

TRIES = "tries"  # how often a "Try it" was pressed during this visit


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose, and what it answers back.

    feedback: for a wrong option, why it tempts and why it is wrong. asks: the learner's question that belongs to it,
    as one would type it into a search box. try_it: settings of the lesson that show the point, by the knobs' names.
    """

    text: str
    feedback: str
    asks: str
    try_it: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a quiz."""

    text: str
    options: Sequence[Option]
    answer: int


def quiz(knobs: Knobs, questions: Sequence[Question]) -> int:
    """The questions side by side, laid out by page.css: columns would cost the page more; how many are right."""
    with st.container(key=f"{knobs.page}_questions"):
        return sum(_ask(knobs, f"{knobs.page}_quiz_{place}", question) for place, question in enumerate(questions))


def _ask(knobs: Knobs, key: str, question: Question) -> bool:
    """One question, and what the chosen option answers back; whether it is the right one."""
    texts = [option.text for option in question.options]
    chosen = st.radio(
        question.text, texts, index=None, key=key, persist_state="session",
        help="Choose an option: each one tells you why it is right or wrong.",
    )  # fmt: skip
    if chosen is None:
        return False
    place = texts.index(chosen)
    option, right = question.options[place], place == question.answer
    with st.container(key=f"{key}_said", gap="small"):
        callout(f"<b>{'Right.' if right else 'Not so.'}</b> {escape(option.feedback)}", not_so=not right)
        if option.try_it:
            st.button(
                "Try it", key=f"{key}_try", on_click=_set, args=(knobs, option, key), icon=":material/arrow_upward:",
                help="Sets the experiment above so that it shows this.",
            )  # fmt: skip
    return right


def _set(knobs: Knobs, option: Option, key: str) -> None:
    values = {name: knobs.checked(name, value) for name, value in option.try_it.items()}
    changed = {name: value for name, value in values.items() if knobs[name] != value}
    first = {
        name: knob.default for name, knob in knobs.knobs.items() if knob.widget is None
    }  # else an old step comes back
    for name, value in (first | values).items():
        knobs.set(name, value)
    st.session_state[TRIES] = st.session_state.get(TRIES, 0) + 1
    said = ", ".join(f"{knobs.knobs[name].label} = {knobs.knobs[name].write(value)}" for name, value in changed.items())
    st.session_state[_tried_key(knobs)] = {
        "values": changed or values, "said": f"Set: {said}" if changed else "Set: it was so already.", "question": key,
    }  # fmt: skip


def tried(knobs: Knobs) -> Mapping[str, Any]:
    """What the last "Try it" on this page has changed, or all that it asks for if that was so already."""
    found: Mapping[str, Any] = st.session_state.get(_tried_key(knobs), {"values": {}})["values"]
    return found


def what_was_set(knobs: Knobs) -> None:
    """Bring this place into view, say what the last "Try it" has changed while it is so, and lead back from there."""
    kept = st.session_state[_tried_key(knobs)]
    is_so = all(knobs[name] == value for name, value in kept["values"].items())
    data = {"token": st.session_state[TRIES], "said": kept["said"] if is_so else "", "question": kept["question"]}
    asset_component("reveal")(key=f"{knobs.page}_reveal", data=data)


def _tried_key(knobs: Knobs) -> str:
    return f"{knobs.page}_tried"
