"""The page of the optional lab: five experiments behind one switch."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from lessons.labs import analogies, digits, family, months, remainders
from lessons.labs.frame import SEED, Lab
from lessons.ui import knobs
from lessons.ui.knobs import Knobs
from lessons.ui.prose import kicker

LABS: dict[str, Lab] = {lab.name: lab for lab in (months.LAB, remainders.LAB, analogies.LAB, digits.LAB, family.LAB)}
SHARED = (
    knobs.segments("experiment", "Experiment", tuple(LABS), "Five small experiments; each asks before it shows."),
    SEED,
)
KNOBS = Knobs("labs", *SHARED, *(knob for lab in LABS.values() for knob in lab.knobs))


def page() -> StreamlitPage:
    """The page, as the navigation names it."""
    return st.Page(render, title="Optional lab", icon=":material/biotech:", url_path="labs")


def render() -> None:
    """The page."""
    KNOBS.enter()
    kicker("After the course · no new theory")
    st.title("Optional lab", anchor=False)
    st.markdown("Small worlds whose structure is known. Does a table find it? Every run is shown, the failures too.")
    lab = LABS[KNOBS.draw("experiment")]
    lab.draw(KNOBS)
    Knobs(KNOBS.page, *SHARED, *lab.knobs).share()  # a link says nothing of the other experiments
