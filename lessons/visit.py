"""The script that each visit runs: the list of pages, in sections, and the page that was asked for."""

import streamlit as st

from lessons import home
from lessons.course import COURSE
from lessons.ui.assets import PAGE_ICON, page_styles

st.set_page_config(page_title="Inside the Embedding layer", page_icon=PAGE_ICON, layout="wide")
page_styles()
st.navigation(
    {
        "": [st.Page(home.render, title="Home", icon=":material/home:", url_path="home", default=True)],
        "Course": [
            st.Page(lesson.render, title=f"{lesson.number} {lesson.title}", icon=lesson.icon, url_path=lesson.slug)
            for lesson in COURSE
        ],
    },
    position="top",
).run()
