"""The script that each visit runs: the list of pages, in sections, and the page that was asked for."""

from functools import partial

import streamlit as st

from lessons import checked, home
from lessons.course import COURSE, draw_neighbours, page_of
from lessons.lab import page as lab
from lessons.ui.assets import PAGE_ICON, page_styles

st.set_page_config(page_title="Inside the Embedding layer", page_icon=PAGE_ICON, layout="wide")
page_styles()

laboratory = st.Page(lab.render, title="Your text, its space", icon=":material/science:", url_path="laboratory")
start = st.Page(partial(home.render, laboratory), title="Home", icon=":material/home:", default=True)
record = st.Page(checked.render, title="Checked", icon=":material/fact_check:", url_path="checked")
pages = {
    "": [start],
    "Course": [page_of(lesson) for lesson in COURSE],
    "Laboratory": [laboratory],
    "Checked": [record],
}
page = st.navigation(pages, position="top")
page.run()
draw_neighbours(page.url_path)
