"""The home page: the question, the answer in one picture, the way in, and the map of the course."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from lessons.course import COURSE, PLANNED, page_of
from lessons.gradient_step import TABLE, WORDS, Settings, updates
from lessons.ui.knobs import Knobs
from lessons.ui.lesson import callout
from lessons.ui.matrix import flow, matrix, sign

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


def render(laboratory: StreamlitPage) -> None:
    """The page; `laboratory` is where its second door leads."""
    KNOBS.enter()
    st.title("What is inside an Embedding layer?", anchor=False)
    st.markdown("One table. **Forward**, each id copies its row. **Backward**, gradients are added into those rows.")
    st.html(_picture())
    with st.container(horizontal=True, gap="medium"):
        if st.button("Start with lesson 1", type="primary", help="Eight rows, three numbers each, and a prediction."):
            st.switch_page(page_of(COURSE[0]))
        if st.button("Try a text of your own", help="The laboratory: from words to an evolving space."):
            st.switch_page(laboratory)
    st.header("The question, as people ask it", anchor=False)
    for column, (question, answer) in zip(st.columns(len(VERDICTS)), VERDICTS, strict=True):
        with column:
            callout(f"<b>{question}</b> {answer}")
    st.header("The course", anchor=False)
    _map()


def _picture() -> str:
    """A look-up of three ids and the gradient that comes back: the numbers of lesson 4, computed now."""
    update = updates(Settings(IDS, label=1, pooling="mean", rate=1.0, assign=False))[0]
    labels = [f"id {index}" for index in IDS]
    table = matrix(TABLE, "E, the table", row_labels=WORDS, chosen=IDS, dim=True)
    output = matrix(update.step.rows, "output", row_labels=labels)
    back = matrix(update.step.grad_rows, "∂loss/∂output", kind="gradient", row_labels=labels)
    gradient = matrix(update.gradient, "∂loss/∂E", kind="gradient", row_labels=WORDS, chosen=IDS)
    return flow(table, sign("→"), output, sign("→ loss →"), back, sign("→"), gradient)


def _map() -> None:
    for column, lesson in zip(st.columns(len(COURSE)), COURSE, strict=True):
        with column, st.container(border=True, height="stretch", gap="xsmall"):
            st.page_link(page_of(lesson))
            st.caption(f"{lesson.question} {lesson.minutes} minutes.")
    missing = " · ".join(f"{number} {title}" for number, title in PLANNED.items())
    st.caption(f"Still to be written: {missing}")
