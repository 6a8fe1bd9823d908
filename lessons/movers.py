"""Lesson 5: who moves? The gradient is zero for rows that were not read; the update need not be."""

from functools import partial

import streamlit as st

from lessons.movers_questions import QUESTIONS, STREAM
from lessons.movers_runs import COUNTS, MOVERS, TABLE, UNUSED, VERSIONS, WORDS, Settings, runs_of, unused
from lessons.movers_snippets import snippets
from lessons.movers_table import row_by_row, steps_table, summary
from lessons.movers_views import chosen, distance_chart, paths_chart, rare_chart, rare_figure, scenes
from lessons.ui import knobs
from lessons.ui.ids import MOST_IDS, draw_ids, read_ids
from lessons.ui.knobs import Knob, Knobs
from lessons.ui.lesson import Lesson, Prediction, Task, callout
from lessons.ui.matrix import flow, matrix
from lessons.ui.walk import walk

ALL, STEPS, PATHS, RARE, NONE = VIEWS = ("All optimizers", "Step by step", "Paths", "Rare words", "No gradient")
LEFT = ("framework", "rate", "decay", "row")  # besides the stream
UNUSED_BY = {  # settings that change nothing in a view are not drawn there
    STEPS: {"row"},
    PATHS: {"row"},
    RARE: {"ids", "framework", "decay", "row"},
    NONE: {"ids", "framework", "row"},
}
NAMES = ("Adam", *(mover.name for mover in MOVERS["PyTorch"] if mover.name != "Adam"))
COUNT_NAMES = tuple(f"count{place}" for place in range(len(WORDS)))


def _readable(text: str) -> str:
    read_ids(text)
    return text


def _count(name: str, word: str, count: int) -> Knob:
    return knobs.slider(name, word, count, 0, 200, f"In how many steps “{word}” is read.")


KNOBS = Knobs(
    "movers",
    Knob(
        "ids",
        STREAM,
        _readable,
        widget=partial(
            st.text_input, "Stream: the id that each step reads", help=f"Ids 0 to 2 with commas, at most {MOST_IDS}."
        ),
    ),
    knobs.segments("framework", "Optimizers as in", tuple(VERSIONS), "Their defaults differ: compare RMSprop."),
    knobs.fine_slider("rate", "Learning rate", 0.1, 0.01, 0.5, 0.01, "Scales every step."),
    knobs.fine_slider("decay", "Weight decay", 0.1, 0.0, 0.2, 0.01, "For AdamW, and for Adam with weight_decay."),
    knobs.segments("row", "Row to watch", ("0", "1", "2"), "Whose steps the table shows."),
    knobs.segments("view", "What to look at", VIEWS, "Five ways to look at who moves.", show_label=False),
    knobs.chooser("optimizer", "Optimizer", NAMES, "Whose steps are drawn."),
    *(_count(*entry) for entry in zip(COUNT_NAMES, WORDS, COUNTS, strict=True)),
    knobs.STEP,
)


def _controls() -> Settings:
    idle = UNUSED_BY.get(KNOBS["view"], set())
    last = st.session_state.get(KNOBS.key("good_ids"), Settings().stream)
    stream = last if "ids" in idle else draw_ids(KNOBS, len(TABLE))
    for name in LEFT:
        if name not in idle:
            KNOBS.draw(name)
    framework, rate, decay, row = (KNOBS[name] for name in LEFT)
    counts = tuple(KNOBS[name] for name in COUNT_NAMES)
    return Settings(stream, framework, rate, decay, int(row), KNOBS["view"], KNOBS["optimizer"], counts)


def _before() -> None:
    st.html(flow(matrix(TABLE, "E, at the start", row_labels=("row 0", "row 1", "row 2"))))
    st.markdown("Step 1 reads row 0, steps 2 to 5 read row 1. Nobody reads row 2.")


def _experiment(settings: Settings) -> None:
    KNOBS.draw("view")
    VIEW[settings.view](settings)


def _all(settings: Settings) -> None:
    callout(summary(settings))
    st.html(steps_table(runs_of(settings), settings.stream, settings.row))
    rules = VERSIONS[settings.framework]
    st.caption(f"Computed here with the rules of {rules}. The row that is read has the gradient (1, −0.5).")


def _walk(settings: Settings) -> None:
    _choose(settings)
    walk(scenes(settings), step=KNOBS["step"], key="movers_walk")


def _paths(settings: Settings) -> None:
    _choose(settings)
    left, right = st.columns(2)
    with left:
        distance_chart(settings)
    with right:
        paths_chart(settings)


def _choose(settings: Settings) -> None:
    with st.columns([1, 2])[0]:
        KNOBS.draw("optimizer")
    run = chosen(settings)
    if run.name != settings.optimizer:
        st.caption(f"{VERSIONS[settings.framework]} has no such optimizer: this is {run.name}.")
    callout(row_by_row(run))


def _rare(settings: Settings) -> None:
    least = settings.counts.index(min(settings.counts))
    callout(
        f"<b>“{WORDS[least]}” is read {settings.counts[least]} times</b>: it is still where the random start put it."
        if not settings.counts[least]
        else f"<b>“{WORDS[least]}” is read least</b>, {settings.counts[least]} times, and has moved least."
    )
    for place, column in enumerate(st.columns(len(WORDS))):
        with column:
            KNOBS.draw(COUNT_NAMES[place])
            st.html(rare_figure(settings, place))
    rare_chart(settings)
    st.caption(
        "Plain SGD on one row at a time, logistic loss, a fixed head (2, 1), a start with standard deviation 0.05. "
        "Every reading moves a row less than the one before: the loss has less to say."
    )


def _no_gradient(settings: Settings) -> None:
    callout(
        "<b>Steps 2 to 5 do not use the table at all.</b> PyTorch then leaves its gradient at None, and the optimizer "
        "passes it by. If the gradient is zeros instead (set_to_none=False), the memory goes on moving row 0."
    )
    st.html(steps_table(unused(settings.rate, settings.decay), UNUSED, 0))
    st.caption(f"Computed here with the rules of {VERSIONS['PyTorch']}; seen there too.")


VIEW = {ALL: _all, STEPS: _walk, PATHS: _paths, RARE: _rare, NONE: _no_gradient}


def _true_for_one_row(settings: Settings) -> str:
    absent = [index != settings.row for index in settings.stream]
    if not any(absent) or any(run.path.moves[absent][:, settings.row].any() for run in runs_of(settings)):
        return ""
    return "without weight decay, and before it is first read, no optimizer knows of the row: it cannot move."


LESSON = Lesson(
    number=5,
    slug="movers",
    title="Who moves? Optimizers, rare words, decay",
    question="Only the rows in the batch are updated. True?",
    icon=":material/directions_run:",
    minutes=9,
    prediction=Prediction(
        "Row 0 is read in step 1 and never again. What does it do in steps 2 to 5, with SGD and with Adam?",
        (
            "It stands still with both",
            "SGD: it stands still. Adam: it goes on moving",
            "SGD: it goes on moving. Adam: it stands still",
            "Adam takes it back to where it began",
        ),
        answer=1,
        because="Its gradient is 0 from step 2 on. SGD has only the gradient; Adam still remembers the first one.",
    ),
    knobs=KNOBS,
    controls=_controls,
    sealed=_before,
    experiment=_experiment,
    finding="The gradient is zero for rows that were not read. The update need not be: memory and weight decay move "
    "them too. Only a row that was never read, without decay, is sure to stay.",
    questions=QUESTIONS,
    snippets=snippets,
    task=Task(
        "“Only the rows in the batch move” is false here. Make it true for one row: find settings with which no "
        "optimizer of the table moves the chosen row in any step that does not read it.",
        check=_true_for_one_row,
    ),
)
