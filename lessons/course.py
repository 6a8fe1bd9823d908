"""The course: the lessons in reading order, and those that are still to be written."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from lessons import box, gradient, lookup
from lessons.ui.lesson import Lesson

COURSE = (box.LESSON, lookup.LESSON, gradient.LESSON)
PLANNED = {
    3: "Ids, shapes and the off-by-one",
    5: "Who moves? Optimizers, rare words, decay",
    6: "The task shapes the space",
    7: "Is it a word2vec? Is it a CBOW?",
    8: "How a picture can fool you",
    9: "Near in what sense?",
    10: "Reuse: pretrained, frozen, tuned, tied",
}


def page_of(lesson: Lesson) -> StreamlitPage:
    """The page of a lesson, as the navigation and links name it."""
    title = f"{lesson.number} {lesson.title}"
    return st.Page(lesson.render, title=title, icon=lesson.icon, url_path=lesson.slug)


def draw_neighbours(slug: str) -> None:
    """Links to the lessons before and after this one; nothing on other pages."""
    slugs = [lesson.slug for lesson in COURSE]
    if slug not in slugs:
        return
    place, (left, right) = slugs.index(slug), st.columns(2)
    for before in COURSE[:place][-1:]:
        left.page_link(page_of(before), label=f"Before: {before.title}", icon=":material/arrow_back:")
    for after in COURSE[place + 1 :][:1]:
        right.page_link(page_of(after), label=f"Next: {after.title}", icon=":material/arrow_forward:")
