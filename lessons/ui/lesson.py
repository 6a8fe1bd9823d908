"""The shape of a lesson: question, locked prediction, experiment, result beside the prediction, finding, quiz, code."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lessons.ui.knobs import came_by_link


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson of the course. `number` is its place in the course of ten; `question` what the learner asks."""

    number: int
    slug: str
    title: str
    question: str
    icon: str
    minutes: int
    render: Callable[[], None]


class Prediction(NamedTuple):
    """What the learner said before the result was shown: None if the prediction was skipped."""

    open: bool
    said: str | None
    right: str


class Option(NamedTuple):
    """An answer to choose, and what it answers back."""

    text: str
    feedback: str  # for a wrong option: why it tempts, and why it is wrong


class Question(NamedTuple):
    """One question of a quiz."""

    text: str
    options: Sequence[Option]
    answer: int


def heading(lesson: Lesson) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Title and question, and under them a narrow column for controls and a wide one for the figure."""
    kicker(f"Lesson {lesson.number} of 10 · {lesson.minutes} min")
    st.title(lesson.title, anchor=False)
    st.markdown(lesson.question)
    left, right = st.columns([1, 2.7], gap="medium")
    return left, right


def kicker(text: str) -> None:
    """The small line above a title."""
    st.html(f'<p class="kicker">{escape(text)}</p>')


def predict(slug: str, question: str, options: Sequence[str], answer: int) -> Prediction:
    """Ask before showing: the result opens when an answer is locked in. Who came by a link may skip, visibly."""
    locked_key, answer_key = f"{slug}_locked", f"{slug}_prediction"
    locked = st.session_state.setdefault(locked_key, "")
    with st.container(border=True, gap="xsmall"):
        if locked:
            st.markdown("**Your prediction**")
            st.markdown(st.session_state[answer_key] if locked == "answered" else "Skipped.")
        else:
            _ask(slug, question, options, answer_key, locked_key)
    said = st.session_state.get(answer_key)
    return Prediction(bool(locked), said if locked == "answered" else None, options[answer])


def verdict(prediction: Prediction, because: str) -> None:
    """The result beside the prediction, right or wrong, with the reason."""
    if prediction.said is None:
        said = f"<b>The answer:</b> {escape(prediction.right)}."
    elif prediction.said == prediction.right:
        said = f"<b>As you predicted:</b> {escape(prediction.right)}."
    else:
        said = f"<b>You predicted:</b> {escape(prediction.said)}. <b>It is:</b> {escape(prediction.right)}."
    callout(f"{said} {because}", not_so=prediction.said not in (None, prediction.right))


def sealed(what: str) -> None:
    """Stands where the result will be, until a prediction is locked in."""
    st.html(f'<div class="sealed">{escape(what)}</div>')


def finding(html: str) -> None:
    """What the lesson has shown, in one sentence."""
    callout(f"<b>Finding.</b> {html}")


def callout(html: str, *, not_so: bool = False) -> None:
    """A sentence that is set apart."""
    st.html(f'<div class="callout{" not-so" if not_so else ""}">{html}</div>')


def figures(*entries: tuple[str, str, str]) -> str:
    """HTML of large numbers side by side: (what it is, the number with its unit, a remark)."""
    cells = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(number)}<small>{escape(remark)}</small></dd></div>"
        for name, number, remark in entries
    )
    return f'<dl class="figures">{cells}</dl>'


def quiz(slug: str, questions: Sequence[Question]) -> None:
    """Questions whose every option answers back."""
    st.header("Three questions", anchor=False)
    for place, (column, question) in enumerate(zip(st.columns(len(questions), gap="large"), questions, strict=True)):
        with column:
            chosen = st.radio(
                question.text, [option.text for option in question.options], index=None, key=f"{slug}_quiz_{place}",
                persist_state="session", help="Choose an option: each one tells you why it is right or wrong.",
            )  # fmt: skip
            for number, option in enumerate(question.options):
                if option.text == chosen:
                    right = number == question.answer
                    callout(f"<b>{'Right.' if right else 'Not so.'}</b> {escape(option.feedback)}", not_so=not right)


def code(slug: str, snippets: Mapping[str, str]) -> None:
    """The same in numpy, PyTorch and Keras, with the values on the screen filled in."""
    st.header("The same in code", anchor=False)
    chosen = st.segmented_control(
        "Library", list(snippets), default=next(iter(snippets)), required=True, key=f"{slug}_library",
        persist_state="session", label_visibility="collapsed", help="The values on the screen are filled in.",
    )  # fmt: skip
    st.code(snippets[chosen], language="python")


def _ask(slug: str, question: str, options: Sequence[str], answer_key: str, locked_key: str) -> None:
    st.markdown("**Predict first**")
    said = st.radio(
        question, options, index=None, key=answer_key, persist_state="session",
        help="Predicting first makes what you see afterwards stick, whether or not you were right.",
    )  # fmt: skip
    st.button(
        "Lock in my answer", type="primary", width="stretch", disabled=said is None, key=f"{slug}_lock",
        help="Choose an answer, then lock it in to see the result.", on_click=_lock, args=(locked_key, "answered"),
    )  # fmt: skip
    if came_by_link():
        st.button(
            "Skip the prediction", type="tertiary", key=f"{slug}_skip", on_click=_lock, args=(locked_key, "skipped"),
            help="You came by a link: the experiment may open without a prediction.",
        )  # fmt: skip


def _lock(locked_key: str, how: str) -> None:
    st.session_state[locked_key] = how
