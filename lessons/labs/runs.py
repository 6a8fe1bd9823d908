"""The runs of an experiment: trained once for everyone, over several seeds with progress and a stop button."""

from collections.abc import Callable, Hashable, Iterable
from time import perf_counter
from typing import Any, TypeVar

import numpy as np
import streamlit as st

from core.runs import Run
from core.tasks import Task
from core.training import Training
from core.update import Optimizer
from lessons.ui.store import keep

AT_ONCE = 0.4  # seconds: shorter waits show no progress
MOST_KEPT = 1000  # results, each a few hundred numbers
STOPPED = "labs_stopped"
KEPT: dict[tuple[Hashable, int], Any] = {}  # by recipe and seed, shared by all visitors

Result = TypeVar("Result")


def trained(
    task: Task, num_embeddings: int, embedding_dim: int, optimizer: Optimizer, steps: int, seed: int, scale: float
) -> Training:
    """A run to its end, of which only the parameters and the last loss are needed."""
    training = Training(
        Run(
            task=task,
            num_embeddings=num_embeddings,
            embedding_dim=embedding_dim,
            optimizer=optimizer,
            steps=steps,
            seed=seed,
            start_scale=scale,
            record_every=max(steps, 1),
            dtype=np.float32,
        )
    )
    training.advance(steps)
    return training


def run(recipe: Hashable, seed: int, train: Callable[[int], Result]) -> Result:
    """`train(seed)`, which is decided by the recipe and the seed: made once for everyone who asks."""
    found: Result | None = KEPT.get((recipe, seed))
    if found is None:
        found = train(seed)
        keep(KEPT, (recipe, seed), found, MOST_KEPT)
    return found


def several(recipe: Hashable, seeds: Iterable[int], train: Callable[[int], Result]) -> dict[int, Result]:
    """`run` for each seed. A press of Stop, like any control, ends the script; the seeds that are there stay."""
    wanted = list(seeds)
    missing = [seed for seed in wanted if (recipe, seed) not in KEPT]
    if missing and st.session_state.get(STOPPED) == recipe:
        st.caption(f"Stopped: {len(wanted) - len(missing)} of {len(wanted)} seeds are trained.")
        st.button("Go on", on_click=_go_on, key="labs_go_on", help="Train the seeds that are missing.")
        return {seed: run(recipe, seed, train) for seed in wanted if seed not in missing}
    slot, bar, start = st.empty(), None, perf_counter()
    for place, seed in enumerate(missing):
        if place and bar is None and (perf_counter() - start) / place * (len(missing) - place) > AT_ONCE:
            bar = _progress(slot, recipe)
        if bar is not None:
            bar.progress(place / len(missing), f"Training: seed {place + 1} of {len(missing)}")
        run(recipe, seed, train)
    slot.empty()
    return {seed: run(recipe, seed, train) for seed in wanted}


def _progress(slot: Any, recipe: Hashable) -> Any:
    with slot.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, "Training")
        st.button("Stop", on_click=_stop, args=(recipe,), key="labs_stop", help="Keep the seeds trained so far.")
    return bar


def _stop(recipe: Hashable) -> None:
    st.session_state[STOPPED] = recipe


def _go_on() -> None:
    st.session_state[STOPPED] = None
