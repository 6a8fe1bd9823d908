"""All pages, in the sections of the top bar."""

from copy import copy
from functools import cache, partial

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from lessons import ask, check, checked, glossary, home
from lessons.course import COURSE, page_of
from lessons.lab import page as lab
from lessons.labs import page as labs


@cache
def sections() -> dict[str, tuple[StreamlitPage, ...]]:
    """The pages by section. The top bar shows the first ones as links, the others in menus."""
    laboratory = st.Page(lab.render, title="Your text, its space", icon=":material/science:", url_path="laboratory")
    start = st.Page(
        partial(home.render, laboratory), title="Inside the Embedding layer", icon=":material/home:", default=True
    )
    record = st.Page(checked.render, title="Checked", icon=":material/fact_check:", url_path="checked")
    return {
        "": (start, ask.page(), glossary.page(), record),
        "Course": (check.before_page(), *map(page_of, COURSE), check.after_page()),
        "Laboratory": (laboratory, labs.page()),
    }


def path() -> tuple[StreamlitPage, ...]:
    """The way through the course, and on from there."""
    return sections()["Course"] + sections()["Laboratory"]


def chosen() -> StreamlitPage:
    """The page that was asked for. It notes whether it may run, so each run gets copies of its own."""
    return st.navigation({name: [copy(page) for page in pages] for name, pages in sections().items()}, position="top")
