"""What the experiments of the optional lab share: one shape, and one seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from lessons.ui import knobs
from lessons.ui.knobs import Knob, Knobs
from lessons.ui.predict import Prediction, ask, show_result, verdict
from lessons.ui.prose import callout

COLUMNS = (1, 2.7)  # controls, figure
SEEDS = range(10)
SEED = knobs.slider("seed", "Seed", 0, 0, len(SEEDS) - 1, "Other start values: one of the ten runs shown below.")


@dataclass(frozen=True, slots=True)
class Lab:
    """One experiment. controls draws the widgets and returns the settings, any hashable value, for experiment.

    name: as the switch and a link say it. sealed: what stands in place of the result until a prediction is locked in.
    """

    name: str
    question: str
    prediction: Prediction
    knobs: Sequence[Knob]
    controls: Callable[[Knobs], Any]
    sealed: str
    experiment: Callable[[Any], None]
    finding: str

    def draw(self, settings: Knobs) -> None:
        """The experiment under the switch."""
        slug = f"{settings.page}_{self.name.lower()}"
        st.markdown(self.question)
        left, right = st.columns(COLUMNS, gap="medium")
        with left:
            is_open = ask(slug, self.prediction)
            chosen = _controls(self, settings) if is_open else None
        with right, st.container(key=f"{slug}_experiment"):
            if not is_open:
                st.html(f'<div class="sealed">{escape(self.sealed)}</div>')
                return
            verdict(slug, self.prediction, chosen)
            self.experiment(chosen)
            callout(f"<b>Finding.</b> {escape(self.finding)}")
            show_result(slug)


def _controls(lab: Lab, settings: Knobs) -> Any:
    with st.container(border=True, gap="small"):
        st.markdown("**Experiment**")
        return lab.controls(settings)
