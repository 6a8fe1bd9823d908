"""The page "Ask": a question, and the experiments that answer the closest questions we know."""

from collections.abc import Mapping
from functools import cache, partial
from html import escape
from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from lessons.course import link_to
from lessons.glossary import short_text
from lessons.search import CLOSE, Hit, closest, entries
from lessons.ui.knobs import Knob, Knobs
from lessons.ui.lesson import Lesson, kicker

LONGEST = 200  # characters of a question
EXAMPLES = ("Why is input_dim one larger?", "Is it a word2vec?", "Why does a row not change?")
NOTHING_CLOSE = 3  # how many are shown all the same


def question_field(**options: Any) -> str:
    """The field for a question, here and on the home page."""
    typed: str = st.text_input(
        "Your question", max_chars=LONGEST, type="search", placeholder=EXAMPLES[0],
        help="Type it as you would ask a colleague, then press Enter. Misspelt words are fine.", **options,
    )  # fmt: skip
    return typed


KNOBS = Knobs("ask", Knob("q", "", partial(short_text, LONGEST), widget=question_field))


@cache
def page() -> StreamlitPage:
    """The page, as the navigation and links name it."""
    return st.Page(render, title="Ask", icon=":material/search:", url_path="ask")


def render() -> None:
    """The page."""
    KNOBS.enter()
    kicker(f"{len(entries())} questions and words lead to an experiment")
    st.title("Ask", anchor=False)
    asked = KNOBS.draw("q")
    if asked:
        _answer(asked)
    else:
        st.caption("For example:")
        for example in EXAMPLES:
            st.button(example, type="tertiary", on_click=KNOBS.set, args=("q", example), help="Ask this.")
    KNOBS.share()


def _answer(asked: str) -> None:
    hits = closest(asked)
    if hits[0].closeness < CLOSE:
        st.html("<p class='asked'><b>Nothing close.</b> No question we know is near to yours. The three nearest:</p>")
        hits = hits[:NOTHING_CLOSE]
    for hit in hits:
        _draw(hit)
    st.caption("Found by shared words, letters and synonyms. No embedding was used.")


def _draw(hit: Hit) -> None:
    entry, lesson = hit.entry, hit.entry.lesson
    with st.container(border=True, gap="xsmall"):
        st.html(
            "".join(f'<p class="asked">{line}</p>' for line in (f"<b>{escape(entry.text)}</b>", escape(entry.says)))
        )
        link_to(lesson, entry.settings, f"Open lesson {lesson.number}: {lesson.title}")
        if changed := _changed(lesson, entry.settings):
            st.caption(f"Opens with {changed}.")


def _changed(lesson: Lesson, settings: Mapping[str, Any]) -> str:
    """The settings of a link that are not the lesson's first ones, in the words of its page."""
    knobs = ((lesson.knobs.knobs[name], value) for name, value in settings.items())
    return ", ".join(f"{knob.label} = {knob.write(value)}" for knob, value in knobs if value != knob.default)
