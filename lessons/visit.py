"""The script that each visit runs: what stands around every page, and the page that was asked for."""

import streamlit as st

from lessons import ask, check, site
from lessons.course import COURSE, draw_footer
from lessons.ui import progress
from lessons.ui.assets import PAGE_ICON, page_styles
from lessons.ui.lesson import progress_of
from lessons.ui.shortcuts import shortcuts

st.set_page_config(page_title="Inside the Embedding layer", page_icon=PAGE_ICON, layout="wide")
page_styles()
progress.listen(check.PAGES)

page = site.chosen()
corner = st.container(key="corner")  # before the page, so that it stays the same element on all of them
with corner:
    shortcuts(page.url_path)
page.run()
draw_footer(page.url_path, site.path(), ask.page())
with corner:
    progress.keep({lesson.slug: progress_of(lesson) for lesson in COURSE})
