"""The home page: the question, the answer in one picture, the way in, and the map with one's own marks."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import streamlit as st
from streamlit.navigation.page import StreamlitPage

from lessons import ask, check
from lessons.course import COURSE, page_of
from lessons.gradient_step import TABLE, WORDS, Settings, updates
from lessons.ui import progress
from lessons.ui.knobs import Knobs
from lessons.ui.lesson import Lesson
from lessons.ui.matrix import flow, matrix, sign
from lessons.ui.progress import Progress

KNOBS = Knobs("home")
IDS = (1, 3, 1)
VERDICTS = (
    (
        "Is it a special Dense layer?",
        "In theory: one-hot rows times a kernel, without a bias. In practice Keras and PyTorch just read the rows.",
    ),
    (
        "Is it a word2vec?",
        "No: it has no window, no loss, no second table. Word2vec is a model built around tables like this one.",
    ),
    (
        "Is it a CBOW?",
        "No. CBOW is this table, a mean, and a softmax layer that is trained to guess the missing word.",
    ),
)
QUESTIONS = 3  # of a lesson's quiz
PLANS = {"15 minutes": "2, 4 (one step), 7", "45 minutes": "1, 2, 4, 6, 7", "90 minutes": "1 to 8; 9 and 10 at home"}
STATES = NOT_BEGUN, BEGUN, DONE = ("○", "Not begun"), ("◐", "Begun"), ("●", "Done")


def render(laboratory: StreamlitPage) -> None:
    """The page; `laboratory` is where its third door leads."""
    KNOBS.enter()
    st.title("What is inside an Embedding layer?", anchor=False)
    st.markdown("One table. **Forward**, each id copies its row. **Backward**, gradients are added into those rows.")
    _doors(laboratory)
    st.html(_picture())
    _map()
    st.html(_verdicts())
    left, right = st.columns(2, gap="large")
    with left:
        st.html("<h2>Ask</h2>")
        _question()
    with right:
        st.html(_plans())


@cache
def _picture() -> str:
    """A look-up of three ids and the gradient that comes back: the numbers of lesson 4, computed here."""
    update = updates(Settings(IDS, label=1, pooling="mean", rate=1.0, assign=False))[0]
    labels = [f"id {index}" for index in IDS]
    table = matrix(TABLE, "E, the table", row_labels=WORDS, chosen=IDS, dim=True)
    output = matrix(update.step.rows, "output", row_labels=labels)
    scale = float(np.abs(update.gradient).max())  # a colour means the same number in both
    back = matrix(update.step.grad_rows, "∂loss/∂output", kind="gradient", row_labels=labels, scale=scale)
    gradient = matrix(update.gradient, "∂loss/∂E", kind="gradient", row_labels=WORDS, chosen=IDS, scale=scale)
    said = "∂loss/∂E: how the loss changes when a number of E grows a little. You will read all of this after lesson 4."
    matrices = flow(table, sign("→"), output, sign("→ loss →"), back, sign("→"), gradient)
    return f'{matrices}<p class="aside">{said}</p><h2>The course</h2>'


def _doors(laboratory: StreamlitPage) -> None:
    """Where to go now; the first is the one that we would take."""
    doors = [*_next_steps(), ("Try a text of your own", laboratory, "The laboratory: from words to an evolving space.")]
    with st.container(horizontal=True, gap="small"):
        for place, (label, page, hint) in enumerate(doors):
            if st.button(label, type="secondary" if place else "primary", help=hint, key=f"home_door_{place}"):
                st.switch_page(page)


def _next_steps() -> list[tuple[str, StreamlitPage, str]]:
    """What comes next for this visitor: (label, page, help)."""
    marks = progress.kept().lessons
    count = check.how_many()
    if not marks and check.answers_to(check.BEFORE) is None:
        return [
            (f"Begin: {count} quick guesses", check.before_page(), "Three minutes. They come again at the end."),
            ("Skip them, start with lesson 1", page_of(COURSE[0]), "Nothing is lost: the course does not need them."),
        ]
    lesson = _continue_with(marks)
    if lesson is None:
        return [("See what has changed", check.after_page(), f"The {count} questions from the beginning, again.")]
    verb = "Continue" if any(marks.values()) else "Start"
    return [(f"{verb} with lesson {lesson.number}", page_of(lesson), lesson.title)]


def _continue_with(marks: Mapping[str, Progress]) -> Lesson | None:
    """The last lesson that was begun and is not done, else the first that was not begun; None if all are done."""
    by_state = {wanted: [each for each in COURSE if state_of(marks.get(each.slug)) == wanted] for wanted in STATES}
    return next(iter([*by_state[BEGUN][::-1], *by_state[NOT_BEGUN]]), None)


def state_of(marks: Progress | None) -> tuple[str, str]:
    """A mark and a word: a lesson is done when its three questions are answered right."""
    if marks is None or not any(marks):
        return NOT_BEGUN
    return DONE if marks.quiz == QUESTIONS else BEGUN


def _map() -> None:
    marks = progress.kept().lessons
    with st.container(key="map"):  # laid out as a grid by page.css
        for lesson in COURSE:
            st.page_link(page_of(lesson), label=_card(lesson, marks.get(lesson.slug)))
    _kept_here(bool(marks) or bool(progress.kept().tests))


def _card(lesson: Lesson, marks: Progress | None) -> str:
    """A lesson on the map: its title, its question, and how far one is. One element a lesson: a page pays for each."""
    sign_of_it, state = state_of(marks)
    details = []
    if marks is not None and state == BEGUN[1]:
        details = [f"{marks.quiz} of {QUESTIONS} questions"]
    if marks is not None and marks.task:
        details.append("broke it")
    title = f"**{lesson.number} {lesson.title}**"
    minutes = f"{lesson.minutes}\N{NO-BREAK SPACE}min."
    return f"{title} {lesson.question} {minutes} *{sign_of_it} {', '.join([state, *details])}*"


def _kept_here(something: bool) -> None:
    """Where the marks are kept, and how to be rid of them."""
    if progress.is_blocked():
        st.caption("This browser keeps nothing for us: your marks last as long as this visit.")
    else:
        st.caption(
            "Your marks are kept in this browser only. There is no account; the server forgets you after your visit."
        )
    if something:
        with st.popover("Forget my progress", help="Removes your marks, predictions and answers."):
            st.markdown("All marks, predictions and answers on this device go. This cannot be undone.")
            st.button(
                "Yes, forget them",
                type="primary",
                on_click=progress.forget,
                args=(check.PAGES,),
                help="Every lesson begins anew.",
            )


def _question() -> None:
    """A field that leads to the page "Ask"."""
    ask.question_field(key="home_question", on_change=_asked)
    if question := st.session_state.pop("home_asked", ""):
        st.switch_page(ask.page(), query_params={"q": question})


def _asked() -> None:
    st.session_state["home_asked"] = st.session_state["home_question"]
    st.session_state["home_question"] = ""


@cache
def _verdicts() -> str:
    answers = "".join(f'<div class="callout"><b>{question}</b> {answer}</div>' for question, answer in VERDICTS)
    return f'<h2>The question, as people ask it</h2><div class="verdicts">{answers}</div>'


@cache
def _plans() -> str:
    rows = "".join(f"<div><dt>{minutes}</dt><dd>lessons {lessons}</dd></div>" for minutes, lessons in PLANS.items())
    return f'<h2>For teachers</h2><dl class="said">{rows}</dl>'
