"""What the experiments of the optional lab share: one shape, and one seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from lessons.ui import knobs
from lessons.ui.desk import desk
from lessons.ui.knobs import Knob, Knobs
from lessons.ui.predict import Prediction, verdict
from lessons.ui.prose import callout

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
        desk(slug, self.prediction, lambda: self.controls(settings), self._sealed, partial(self._result, slug))

    def _sealed(self) -> None:
        st.html(f'<div class="sealed">{escape(self.sealed)}</div>')

    def _result(self, slug: str, settings: Any) -> None:
        verdict(slug, self.prediction, settings)
        self.experiment(settings)
        callout(f"<b>Finding.</b> {escape(self.finding)}")
