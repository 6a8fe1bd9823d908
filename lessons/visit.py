"""The script that each visit runs: what stands around every page, and the page that was asked for."""

import streamlit as st

from lessons import ask, check, site
from lessons.course import draw_footer
from lessons.ui import progress
from lessons.ui.assets import PAGE_ICON, page_styles
from lessons.ui.companion import accompany
from lessons.ui.knobs import shared

st.set_page_config(page_icon=PAGE_ICON, layout="wide")
page_styles()
progress.listen(check.PAGES)

page = site.chosen()
page.run()
accompany(page.url_path, progress.told(), shared())
draw_footer(page.url_path, site.path(), ask.page())
