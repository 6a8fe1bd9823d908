"""The script that each visit runs: the list of pages, in sections, and the page that was asked for."""

from functools import partial

import streamlit as st

from lessons import ask, check, checked, glossary, home
from lessons.course import COURSE, draw_footer, page_of
from lessons.lab import page as lab
from lessons.labs import page as labs
from lessons.ui import progress
from lessons.ui.assets import PAGE_ICON, page_styles
from lessons.ui.lesson import progress_of
from lessons.ui.shortcuts import shortcuts

st.set_page_config(page_title="Inside the Embedding layer", page_icon=PAGE_ICON, layout="wide")
page_styles()
progress.listen(check.PAGES)

laboratory = st.Page(lab.render, title="Your text, its space", icon=":material/science:", url_path="laboratory")
start = st.Page(partial(home.render, laboratory), title="Home", icon=":material/home:", default=True)
record = st.Page(checked.render, title="Checked", icon=":material/fact_check:", url_path="checked")
course = [check.before_page(), *(page_of(lesson) for lesson in COURSE), check.after_page()]
pages = {
    "": [start, ask.page(), glossary.page(), record],  # the top bar shows these as links, before the menus
    "Course": course,
    "Laboratory": [laboratory, labs.page()],
}
page = st.navigation(pages, position="top")
corner = st.container(key="corner")  # before the page, so that it stays the same element on all of them
page.run()
draw_footer(page.url_path, course, ask.page())
with corner:
    progress.keep({lesson.slug: progress_of(lesson) for lesson in COURSE})
    shortcuts()
