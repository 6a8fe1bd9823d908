"""What is served: the course, its files compressed, everything imported before the first visit."""

import os

# OpenMP counts its threads anew in every thread, so one is asked for before anything loads it; BLAS follows in serving.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import streamlit as st

from lessons.ui import serving

app = st.App(
    "lessons/visit.py",
    routes=serving.routes(),
    middleware=serving.middleware(),
    lifespan=serving.lifespan,
    on_script_error=serving.on_script_error,
)
