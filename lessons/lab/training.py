"""A run of the laboratory: its task, its training with progress and a stop button, and its picture."""

from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.fidelity import neighbours_kept
from core.neighbours import cooccurrence, pairs, windows
from core.optimizers import OPTIMIZERS
from core.projection import Projection, project
from core.records import FloatArray, IntArray
from core.runs import Explanation, History, Run, recording_interval
from core.tasks import Task, binary_classifier, cbow, classifier, skip_gram, skip_gram_counts
from core.training import Training, explain
from lessons.lab.source import Words, words_of
from lessons.ui.store import keep

LARGEST_FULL_BATCH = 100_000  # examples x outputs; beyond it a step sees some of the examples
BATCH = 256
MOST_RUNS, MOST_PICTURES = 48, 32  # that are kept
AT_ONCE = 0.4  # seconds: shorter runs follow every control, longer ones wait for the button
PORTIONS = 100  # of a run, between which progress is shown and a stop is heeded
LARGEST_RECORDING = 2_000_000  # numbers in the history of one run
MOST_FRAMES = 121  # of the table's history that go to the browser, and fewer of a large table:
MOST_NUMBERS, MOST_DISTANCES = 1_000_000, 30_000_000  # in all frames, and between their rows


class Settings(NamedTuple):
    """All that decides a run of the laboratory."""

    source: str
    text: str
    pad: bool
    unk: bool
    size: int
    head: str
    label: str
    window: int
    columns: int
    optimizer: str
    rate: float
    steps: int
    scale: float
    seed: int

    @property
    def words(self) -> Words:
        """The text as words and ids."""
        return words_of(self.source, self.text, self.pad, self.unk, self.size)


class Picture(NamedTuple):
    """What the player shows of a history: some of its frames, on axes that are fixed for the whole run."""

    frames: IntArray  # (F,), places in the history's snapshots
    snapshots: FloatArray  # (F, V, D), the tables there
    projection: Projection
    kept: IntArray  # (F,)


# Shared by all visitors: a class that opens one link trains it once. Streamlit's cache hashes the text in every run.
FINISHED: dict[Settings, History] = {}
PICTURES: dict[tuple[Settings, int, int], Picture] = {}  # by settings, length of the history and dimensions
DRAWING = Lock()


def _classifier(words: Words, label: str, window: int) -> Task:
    labels = words.corpus.labels.get(label)
    if labels is None:
        raise ValueError(
            "The classifier needs labels: a table with a column text and a column of labels, or a built-in text."
        )
    names, numbers = np.unique(labels, return_inverse=True)
    if len(names) < 2:
        raise ValueError(f"The classifier needs at least two different labels, got {len(names)}.")
    if len(names) == 2:
        return binary_classifier(words.ids, numbers, len(words.vocabulary))
    return classifier(words.ids, numbers, len(words.vocabulary), len(names))


def _cbow(words: Words, label: str, window: int) -> Task:
    found = windows(words.ids, window)
    return cbow(found.indices, found.offsets, found.centers, len(words.vocabulary))


def _skip_gram(words: Words, label: str, window: int) -> Task:
    return skip_gram(*pairs(words.ids, window), len(words.vocabulary))


def _skip_gram_counts(words: Words, label: str, window: int) -> Task:
    return skip_gram_counts(cooccurrence(words.ids, window, len(words.vocabulary)))


HEADS: dict[str, Callable[[Words, str, int], Task]] = {
    "Skip-gram, counted": _skip_gram_counts,
    "Skip-gram, by pairs": _skip_gram,
    "CBOW": _cbow,
    "Classifier": _classifier,
}
HEAD_NOTES = {
    "Skip-gram, counted": "One word → its neighbours, all pairs of the text at once, from their counts.",
    "Skip-gram, by pairs": "One word → one neighbour, an example for every pair.",
    "CBOW": "The mean of the neighbours → the word between them.",
    "Classifier": "The mean of all words of a line → its label.",
}


@lru_cache(maxsize=32)
def task_of(source: str, text: str, pad: bool, unk: bool, size: int, head: str, label: str, window: int) -> Task:
    """The head and its examples. Raises ValueError, as a sentence for the learner, if the head cannot use the text."""
    words = words_of(source, text, pad, unk, size)
    if head != "Classifier" and max(map(len, words.ids), default=0) < 2:
        raise ValueError("This head needs neighbours: no line of the text has two words with an id.")
    return HEADS[head](words, label, window)


def run_of(settings: Settings) -> Run:
    """The run of these settings. Raises ValueError as `task_of` does."""
    task = task_of(*settings[:8])
    rows, examples, outputs = len(settings.words.vocabulary), len(task.examples), task.head.num_outputs
    return Run(
        task=task,
        num_embeddings=rows,
        embedding_dim=settings.columns,
        optimizer=OPTIMIZERS[settings.optimizer](settings.rate),
        steps=settings.steps,
        seed=settings.seed,
        start_scale=settings.scale,
        batch_size=None if examples * outputs <= LARGEST_FULL_BATCH else BATCH,
        record_every=recording_interval(settings.steps, rows, settings.columns, LARGEST_RECORDING),
    )


def expected_seconds(run: Run) -> float:
    """Roughly how long a run takes: it decides only whether to train at once."""
    examples = min(run.batch_size or len(run.task.examples), len(run.task.examples))
    outputs = run.task.head.num_outputs
    scores = examples * outputs * (6 + 0.2 * run.embedding_dim)
    numbers = (run.num_embeddings + outputs) * run.embedding_dim * 10
    return float(run.steps * (1e5 + scores + numbers) * 1e-9)


def trained(settings: Settings, requested: bool) -> History | None:
    """The history of these settings: a finished one, or trained now if that is quick or was requested; else None."""
    if found := FINISHED.get(settings):
        return found
    known: Settings | None
    training: Training
    known, training = st.session_state.get("lab_training", (None, None))
    if known == settings and st.session_state.get("lab_stopped"):
        return training.history
    run = run_of(settings)
    if not requested and known != settings and expected_seconds(run) > AT_ONCE:
        return None
    if known != settings:
        training = Training(run)
        st.session_state["lab_training"] = (settings, training)
    _advance(training)
    keep(FINISHED, settings, training.history, MOST_RUNS)
    st.session_state["lab_training"] = (None, None)
    return training.history


def stopped() -> bool:
    """Whether the run on the screen was stopped by hand."""
    return bool(st.session_state.get("lab_stopped"))


def forget_stop() -> None:
    """Let a stopped run go on: a callback."""
    st.session_state["lab_stopped"] = False


def picture_of(history: History, reserved: int, dimensions: int) -> Picture:
    """Frames for the player, on joint axes of the words' rows; rows of reserved ids are projected along."""
    snapshots, (_, rows, columns) = history.snapshots, history.snapshots.shape
    most = max(12, min(MOST_FRAMES, MOST_NUMBERS // (rows * columns), MOST_DISTANCES // rows**2))
    frames = np.unique(np.linspace(0, len(snapshots) - 1, min(most, len(snapshots))).round().astype(int))
    shown = snapshots[frames]
    projection = project(shown, dimensions, rows=range(reserved, rows))
    kept = neighbours_kept(shown[:, reserved:], projection.coordinates[:, reserved:])
    return Picture(frames, shown, projection, kept)


def picture(settings: Settings, history: History, dimensions: int) -> Picture:
    """`picture_of`, once for each length of a history."""
    key = (settings, len(history.losses), dimensions)
    if found := PICTURES.get(key):
        return found
    with st.spinner("Drawing the run …"), DRAWING:
        found = PICTURES.get(key) or picture_of(history, settings.words.vocabulary.reserved, dimensions)
        keep(PICTURES, key, found, MOST_PICTURES)
    return found


@st.cache_resource(max_entries=64, show_spinner="Replaying the run up to this step …")
def explained(settings: Settings, _history: History, step: int) -> Explanation:
    """One step of the run with everything it computed."""
    return explain(_history, step)


def table_at(history: History, step: int) -> FloatArray:
    """The recorded table that is nearest to a step."""
    table: FloatArray = history.snapshots[np.abs(history.recorded - step).argmin()]
    return table


def _advance(training: Training) -> None:
    """Train to the end. A press of Stop, like any control, ends the script here; the training keeps what it has."""
    run, slot = training.run, st.empty()
    slow = expected_seconds(run) > AT_ONCE
    if slow:
        with slot.container(horizontal=True, vertical_alignment="center"):
            bar = st.progress(0.0, "Training")
            st.button("Stop", on_click=_stop, key="lab_stop", help="Keep what has been trained so far.")
    while not training.done:
        training.advance(max(1, run.steps // PORTIONS))
        if slow:
            done = len(training.losses)
            bar.progress(done / run.steps, f"Training: step {done:,} of {run.steps:,}")
    slot.empty()


def _stop() -> None:
    st.session_state["lab_stopped"] = True
