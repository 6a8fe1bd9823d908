"""The glossary: every word of the course, what others call it, and the lesson where one meets it."""

from collections.abc import Sequence
from functools import cache, lru_cache, partial
from html import escape
from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from lessons.course import lesson_of, link_to
from lessons.glossary_terms import TERMS, Term
from lessons.ui import knobs
from lessons.ui.knobs import Knob, Knobs
from lessons.ui.lesson import kicker

LONGEST = 60  # characters of a filter
MOST = 12  # words on one page


def short_text(longest: int, text: str) -> str:
    """The rule for words of the learner's own in a link."""
    if len(text) > longest:
        raise ValueError(f"must have at most {longest} characters")
    return text


def _field(**options: Any) -> str:
    typed: str = st.text_input(
        "Find a word", max_chars=LONGEST, live=True, type="search", placeholder="input_dim, lr, scatter …",
        help="Finds the word, its synonyms in every library, and the explanation.", **options,
    )  # fmt: skip
    return typed


KNOBS = Knobs(
    "glossary",
    Knob("term", "", partial(short_text, LONGEST), widget=_field),
    knobs.segments("topic", "Topic", tuple(TERMS), "Which words are listed while the field above is empty."),
)


def page() -> StreamlitPage:
    """The page, as the navigation and links name it."""
    return st.Page(render, title="Glossary", icon=":material/dictionary:", url_path="glossary")


def render() -> None:
    """The page."""
    KNOBS.enter()
    kicker(f"{sum(map(len, TERMS.values()))} words, each with what others call it")
    st.title("Glossary", anchor=False)
    wanted = KNOBS.draw("term")
    found = matches(wanted) if wanted else TERMS[KNOBS.draw("topic")]
    if not found:
        st.html("<p>No word here has that in its name, its synonyms or its explanation. Try a part of the word.</p>")
    with st.container(key="terms", gap="xsmall"):
        for term in found[:MOST]:
            _draw(term)
    if len(found) > MOST:
        st.caption(f"The closest {MOST} of {len(found)}: type more to see the others.")
    KNOBS.share()


def _draw(term: Term) -> None:
    st.html(_html(term.name))
    lesson = lesson_of(term.lesson)
    link_to(lesson, term.settings, f"Lesson {lesson.number}: {lesson.title}")


@lru_cache(maxsize=256)
def matches(text: str) -> Sequence[Term]:
    """The terms that have the text in their names, synonyms or explanations, in this order of merit."""
    wanted = text.casefold().strip()
    ranks = {term: _rank(term, wanted) for term in _terms().values()}
    return sorted((term for term, rank in ranks.items() if rank), key=lambda term: -ranks[term])


def _rank(term: Term, wanted: str) -> int:
    names = [term.name, *(name for said in term.others.values() for name in said.split(", "))]
    if wanted in (name.casefold() for name in names):
        return 4
    places = (term.says, " ".join(names), term.name)
    return max((rank for rank, place in enumerate(places, 1) if wanted in place.casefold()), default=0)


@cache
def _terms() -> dict[str, Term]:
    return {term.name: term for terms in TERMS.values() for term in terms}


@cache
def _html(name: str) -> str:
    term = _terms()[name]
    others = "".join(
        f"<li><small>{escape(who)}</small> <code>{escape(said).replace(', ', '</code>, <code>')}</code></li>"
        for who, said in term.others.items()
    )
    return f'<div class="term"><b>{escape(term.name)}</b><p>{escape(term.says)}</p><ul>{others}</ul></div>'
