"""The laboratory's page: text and settings at the left, the evolving space at the right, what happens inside below."""

from contextlib import nullcontext
from functools import partial

import numpy as np
import streamlit as st

from core.optimizers import OPTIMIZERS
from core.runs import History
from lessons.lab.inside import draw_inside
from lessons.lab.source import LEFT_OUT, OWN, SAMPLE, SOURCES, draw_source, pack_text, unpack_text, words_of
from lessons.lab.training import (
    HEAD_NOTES,
    HEADS,
    Picture,
    Settings,
    forget_stop,
    picture,
    run_of,
    stopped,
    trained,
)
from lessons.ui import knobs
from lessons.ui.knobs import Knob, Knobs
from lessons.ui.numbers import plain
from lessons.ui.space import space

KNOBS = Knobs(
    "lab",
    knobs.chooser("source", "Text", SOURCES, "A built-in text, or one of your own."),
    Knob(
        "text",
        SAMPLE,
        unpack_text,
        pack_text,
        partial(st.text_area, "Paste or type", height=140, help="One document a line; a table with labels works too."),
    ),
    knobs.chooser("head", "Head behind the table", tuple(HEADS), "What the rows have to be good for."),
    Knob("label", "", str, str, st.selectbox),  # its options are those of the text: see _label
    knobs.slider("columns", "Dimensions D", 8, 2, 64, "How many numbers each word gets."),
    knobs.slider("window", "Window", 2, 1, 10, "How many words to each side count as neighbours."),
    knobs.chooser(
        "optimizer", "Optimizer", ("Adam", *(name for name in OPTIMIZERS if name != "Adam")), "How the table moves."
    ),
    knobs.stops(
        "rate", "Learning rate", 0.05, (0.001, 0.003, 0.01, 0.03, 0.05, 0.1, 0.3, 1, 3, 10, 100), "How far it moves."
    ),
    knobs.stops("steps", "Steps", 300, (10, 50, 100, 200, 300, 500, 1000, 2000, 5000), "How often it moves."),
    knobs.stops(
        "scale", "Start scale", 0.1, (0.01, 0.03, 0.1, 0.3, 1, 2), "Standard deviation of the random start values."
    ),
    knobs.field("seed", "Seed", 0, 0, 999, "Another random start."),
    knobs.stops("size", "Largest vocabulary", 200, (20, 50, 100, 200, 500, 1000), "The most frequent words get ids."),
    knobs.toggle("pad", "Id for padding", False, "Reserves row 0, which no word owns."),
    knobs.toggle("unk", "Id for unknown words", False, "Rare words share one row; otherwise they are left out."),
    knobs.segments("view", "View", ("2-D", "3-D"), "How many axes the picture has.", show_label=False),
    knobs.STEP,
    Knob("word", "", str),
)


LONG = 100_000  # characters


def render() -> None:
    """The page."""
    KNOBS.enter()
    st.title("Laboratory: your text, its space", anchor=False)
    with st.container(key="lab_desk"):  # laid out by page.css
        with st.container(key="lab_controls"):
            settings, problem = _controls()
        with st.container(key="lab_experiment"):
            if problem:
                st.warning(problem)
            else:
                _space(settings)
    _share(settings)
    if settings.source == OWN and pack_text(settings.text) == LEFT_OUT:
        st.caption("The link leaves out your text: it is too long for an address.")


def _share(settings: Settings) -> None:
    """A link says nothing of a text or a label that is not in use."""
    idle = {"text": settings.source != OWN, "label": not settings.label}
    Knobs(KNOBS.page, *(knob for name, knob in KNOBS.knobs.items() if not idle.get(name))).share()


def _controls() -> tuple[Settings, str]:
    """Everything that can be set; the settings, and what keeps them from being trained."""
    source, text = draw_source(KNOBS)
    # A spinner costs a rerun two milliseconds, so only texts that take long to read have one.
    with st.spinner("Reading the words …") if len(text) > LONG else nullcontext():
        words = words_of(source, text, KNOBS["pad"], KNOBS["unk"], int(KNOBS["size"]))
    labels = list(words.corpus.labels)
    with st.container(border=True, gap="small"):
        head = KNOBS.draw("head")
        st.caption(HEAD_NOTES[head])
        if head == "Classifier":
            _label(labels)
        else:
            KNOBS.draw("window")
        KNOBS.draw("columns")
        KNOBS.draw("optimizer")
        for name in ("rate", "steps"):
            KNOBS.draw(name)
        more = st.expander("More settings", key="lab_more", on_change="rerun")
        if more.open:  # a closed one need not be drawn: every widget costs each rerun half a millisecond
            with more:
                for name in ("scale", "seed", "size", "pad", "unk"):
                    KNOBS.draw(name)
    settings = _settings(source, text)
    try:
        run_of(settings)
    except ValueError as error:
        return settings, str(error)
    return settings, ""


def _label(labels: list[str]) -> None:
    if not labels:
        return
    if (wanted := KNOBS["label"]) not in labels:
        KNOBS.set("label", labels[0])
        if wanted:
            st.info(f"This text has no labels named {wanted!r}: {labels[0]!r} is used.")
    st.selectbox(
        "Label to learn", labels, key=KNOBS.key("label"), persist_state="session", help="What the classifier predicts."
    )


def _settings(source: str, text: str) -> Settings:
    is_classifier = KNOBS["head"] == "Classifier"
    return Settings(
        source=source, text=text, pad=KNOBS["pad"], unk=KNOBS["unk"], size=int(KNOBS["size"]), head=KNOBS["head"],
        label=KNOBS["label"] if is_classifier else "", window=0 if is_classifier else KNOBS["window"],
        columns=KNOBS["columns"], optimizer=KNOBS["optimizer"], rate=KNOBS["rate"], steps=int(KNOBS["steps"]),
        scale=KNOBS["scale"], seed=KNOBS["seed"],
    )  # fmt: skip


def _space(settings: Settings) -> None:
    requested = _bar(settings)
    history = trained(settings, requested)
    if history is None:
        shown: Settings | None = st.session_state.get("lab_shown")
        st.info("This run takes longer, so it waits for the button. " + ("Below is the last run." if shown else ""))
        history = trained(shown, requested=False) if shown else None
        if shown is None or history is None:
            return
        settings = shown
    st.session_state["lab_shown"] = settings
    _notes(settings, history)
    dimensions = 2 if KNOBS["view"] == "2-D" or settings.columns == 2 else 3
    drawn = picture(settings, history, dimensions)
    draw_inside(settings, history, drawn, asked=_player(settings, history, drawn))


def _bar(settings: Settings) -> bool:
    """The button and the facts beside it; whether it was pressed: then the run is also played from its start."""
    words = settings.words
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        pressed = st.button(
            f"Train {settings.steps:,} steps", type="primary", on_click=forget_stop, key="lab_train",
            help="Trains, then plays the run from its first step.",
        )  # fmt: skip
        KNOBS.draw("view", disabled=settings.columns == 2)
        count = sum(len(part.words) for part in words.tokens)
        rows = len(words.vocabulary)
        st.markdown(f"{plain(count)} words · table {plain(rows)} × {settings.columns}")
    if pressed:
        st.session_state["lab_plays"] = st.session_state.get("lab_plays", 0) + 1
    return pressed


def _notes(settings: Settings, history: History) -> None:
    done = len(history.losses)
    if history.divergence:
        st.warning(
            f"Training stopped by itself at {history.divergence}. A smaller learning rate or start scale may help. "
            f"The player shows the {done:,} steps before."
        )
    if (KNOBS["step"] or 0) > done:
        st.info(f"The link asks for step {KNOBS['step']:,}; this run has {done:,} steps, so its last one is shown.")
    if KNOBS["word"] and KNOBS["word"] not in settings.words.vocabulary.tokens:
        st.info(f"The link asks for the word {KNOBS['word']!r}, which has no row here.")
    if done < settings.steps and stopped():
        st.info(f"Stopped at step {done:,} of {settings.steps:,}. Train goes on from there.")


def _player(settings: Settings, history: History, drawn: Picture) -> int | None:
    """The evolving space; the step that the learner asks to have explained, if any."""
    words = settings.words
    vocabulary, groups = words.vocabulary, words.corpus.groups
    other = "other" if groups else "word"
    result = space(
        words=vocabulary.tokens,
        groups=[""] * vocabulary.reserved
        + [groups.get(word, other) for word in vocabulary.tokens[vocabulary.reserved :]],
        snapshots=drawn.snapshots,
        coordinates=drawn.projection.coordinates,
        steps=history.recorded[drawn.frames],
        losses=np.append(history.losses, history.next_loss),
        shown=drawn.projection.shown,
        kept=drawn.kept,
        order=tuple(dict.fromkeys(groups.values())),  # as in the lessons, whichever word comes first in the text
        axis_titles=_axis_titles(settings, drawn.projection.explained.tolist()),
        key="lab_space",
        step=KNOBS["step"] if KNOBS["step"] is not None else len(history.losses),
        word=KNOBS["word"],
        play_token=st.session_state.get("lab_plays", 0),
    )
    return None if result.explain is None else int(result.explain)


def _axis_titles(settings: Settings, explained: list[float]) -> list[str]:
    if settings.columns == len(explained):
        return [f"dimension {axis}" for axis in range(len(explained))]
    return [f"PC {axis + 1} · {share:.0%}" for axis, share in enumerate(explained)]
