"""The course: the lessons in reading order, and the way from page to page."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from lessons import box, gradient, ids, lookup, models, movers, near, picture, reuse, task
from lessons.ui.lesson import Lesson

COURSE = (
    box.LESSON,
    lookup.LESSON,
    ids.LESSON,
    gradient.LESSON,
    movers.LESSON,
    task.LESSON,
    models.LESSON,
    picture.LESSON,
    near.LESSON,
    reuse.LESSON,
)


def page_of(lesson: Lesson) -> StreamlitPage:
    """The page of a lesson, as the navigation and links name it."""
    return _page(lesson.slug)


@cache  # a run names all pages
def _page(slug: str) -> StreamlitPage:
    lesson = lesson_of(slug)
    title = f"{lesson.number} {lesson.title}"
    return st.Page(lesson.render, title=title, icon=lesson.icon, url_path=lesson.slug)


def lesson_of(slug: str) -> Lesson:
    """The lesson of an address."""
    return next(lesson for lesson in COURSE if lesson.slug == slug)


def address_of(lesson: Lesson, settings: Mapping[str, Any]) -> dict[str, str]:
    """The part of a link that opens the lesson with these settings, and lets the visitor in without a prediction.

    Without settings the first one stands for all, at its first value.
    """
    knobs = lesson.knobs.knobs
    if not settings:
        settings = dict([next((knob.name, knob.default) for knob in knobs.values() if knob.widget is not None)])
    return {name: knobs[name].write(lesson.knobs.checked(name, value)) for name, value in settings.items()}


def link_to(lesson: Lesson, settings: Mapping[str, Any], label: str) -> None:
    """A link that opens the lesson's experiment with these settings."""
    st.page_link(page_of(lesson), label=label, icon=lesson.icon, query_params=address_of(lesson, settings))


def neighbours(slug: str, path: Sequence[StreamlitPage]) -> tuple[StreamlitPage | None, StreamlitPage | None]:
    """The pages before and after the page of that address on the path through the course; None where there is none."""
    slugs = [page.url_path for page in path]
    if slug not in slugs:
        return None, None
    at = slugs.index(slug)
    return (path[at - 1] if at else None), (path[at + 1] if at + 1 < len(path) else None)


def draw_footer(slug: str, path: Sequence[StreamlitPage], ask: StreamlitPage) -> None:
    """Links to the pages before and after this one, and to the page that takes questions (keys.js finds them too)."""
    before, after = neighbours(slug, path)
    if slug in ("", ask.url_path):  # the home page has its own doors
        return
    with st.container(key="footer", horizontal=True, horizontal_alignment="distribute", gap="medium"):
        if before:
            st.page_link(before, label=f"Before: {_short(before)}", icon=":material/arrow_back:")
        st.page_link(ask, label="Ask a question", icon=":material/search:")
        if after:
            label = f"Next: {_short(after)}"
            st.page_link(after, label=label, icon=":material/arrow_forward:", icon_position="right")


def _short(page: StreamlitPage) -> str:
    """The title without the number of the lesson."""
    number, _, title = page.title.partition(" ")
    return title if number.isdecimal() else page.title
