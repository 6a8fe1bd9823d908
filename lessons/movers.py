"""Lesson 5: who moves? The gradient is zero for rows that were not read; the update need not be."""

from functools import partial

import streamlit as st

from lessons import movers_runs as runs
from lessons.movers_questions import QUESTIONS, STREAM
from lessons.movers_runs import COUNTS, TABLE, VERSIONS, WORDS, Settings
from lessons.movers_snippets import snippets
from lessons.movers_table import never_read, often, row_by_row, steps_table, summary
from lessons.movers_views import paths_chart, rare_chart, scenes
from lessons.ui import knobs
from lessons.ui.ids import MOST_IDS, draw_ids, read_ids
from lessons.ui.knobs import Knob, Knobs
from lessons.ui.lesson import Lesson, Prediction, Task
from lessons.ui.matrix import flow, matrix
from lessons.ui.walk import walk

VIEWS = ("SGD and Adam", "All optimizers", "Step by step", "Paths", "Rare words", "No gradient")
TWO, ALL, STEPS, PATHS, RARE, NONE = VIEWS
NAMES = ("Adam", *(mover.name for mover in runs.MOVERS["PyTorch"] if mover.name != "Adam"))
COUNT_NAMES = tuple(f"count{place}" for place in range(len(WORDS)))
RULE = "Each step gives the row that it reads the gradient (1, −0.5), and every other row 0."
CONTROLS = {  # what changes something in a view
    TWO: ("ids", "rate", "row"),
    ALL: ("ids", "framework", "rate", "decay", "row"),
    STEPS: ("optimizer", "ids", "framework", "rate", "decay"),
    PATHS: ("optimizer", "ids", "framework", "rate", "decay"),
    RARE: (*COUNT_NAMES, "rate"),
    NONE: ("rate", "decay"),
}


def _readable(text: str) -> str:
    read_ids(text)
    return text


def _count(name: str, word: str, count: int) -> Knob:
    return knobs.slider(name, f"Readings of “{word}”", count, 0, 200, f"In how many steps “{word}” is read.")


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
    knobs.fine_slider("rate", "Learning rate", 0.1, 0.01, 0.5, 0.01, "How large the steps are."),
    knobs.fine_slider(
        "decay", "Weight decay", 0.1, 0.0, 0.2, 0.01, "Pulls every number towards 0: with AdamW, and with Adam with L2."
    ),
    knobs.segments("row", "Row to watch", ("0", "1", "2"), "Whose steps the table shows."),
    knobs.segments("view", "What to look at", VIEWS, "Six ways to look at who moves.", show_label=False),
    knobs.chooser("optimizer", "Optimizer", NAMES, "Whose steps are drawn."),
    *(_count(*entry) for entry in zip(COUNT_NAMES, WORDS, COUNTS, strict=True)),
    knobs.STEP,
)


def _controls() -> Settings:
    for name in CONTROLS[KNOBS["view"]]:
        if name == "ids":
            draw_ids(KNOBS, len(TABLE))
        else:
            KNOBS.draw(name)
    return Settings(
        stream=st.session_state.get(KNOBS.key("good_ids"), Settings().stream),
        row=int(KNOBS["row"]),
        counts=tuple(KNOBS[name] for name in COUNT_NAMES),
        **{name: KNOBS[name] for name in ("framework", "rate", "decay", "view", "optimizer")},
    )


def _before() -> None:
    st.html(flow(matrix(TABLE, "E, at the start", row_labels=("row 0", "row 1", "row 2"))))
    st.markdown(
        "Each step of training reads one row, and an optimizer changes the table. Here step 1 reads row 0, steps 2 to "
        "5 read row 1, and no step reads row 2. SGD and Adam are two optimizers."
    )


def _experiment(settings: Settings) -> None:
    KNOBS.draw("view")
    VIEW[settings.view](settings)


def _two(settings: Settings) -> None:
    found = runs.sgd_and_adam(settings)
    _say(f"{summary(found, settings)} {RULE}")
    st.html(steps_table(found, settings.stream, settings.row))
    _say_whose_rules(settings.framework)


def _all(settings: Settings) -> None:
    found = runs.runs_of(settings)
    _say(f"{summary(found, settings)} {RULE}")
    st.html(steps_table(found, settings.stream, settings.row, never_read(settings.stream, settings.row)))
    _say_whose_rules(settings.framework)


def _walk(settings: Settings) -> None:
    _say_how_often(settings)
    walk(scenes(settings), step=KNOBS["step"], key="movers_walk")


def _paths(settings: Settings) -> None:
    _say_how_often(settings)
    paths_chart(settings)


def _rare(settings: Settings) -> None:
    far = runs.distances(settings.counts, settings.rate).tolist()
    least = far.index(min(far))
    fate = "has moved least" if settings.counts[least] else "is still where the random start put it"
    told = ", ".join(f"{word} {value:.2f}" for word, value in zip(WORDS, far, strict=True))
    _say(f"<b>“{WORDS[least]}” is {often('read', settings.counts[least])}: it {fate}.</b> Distance moved: {told}.")
    rare_chart(settings)
    st.caption(
        "Plain SGD on one row at a time, logistic loss, a fixed head (2, 1), a start with standard deviation 0.05. "
        "Every reading moves a row less than the one before: the loss has less to say."
    )


def _no_gradient(settings: Settings) -> None:
    _say(
        "<b>Steps 2 to 5 do not use the table at all.</b> PyTorch then leaves its gradient at None, and the optimizer "
        "passes it by. If the gradient is zeros instead (set_to_none=False), the memory goes on moving row 0."
    )
    st.html(steps_table(runs.unused(settings.rate, settings.decay), runs.UNUSED, 0, never_read(runs.UNUSED, 0)))
    st.caption(f"Computed here with the rules of {VERSIONS['PyTorch']}; seen there too.")


def _say(html: str) -> None:
    """The first line of a view: what is to be seen."""
    st.html(f'<p class="fact">{html}</p>')


def _say_how_often(settings: Settings) -> None:
    run = runs.chosen(settings)
    _say(row_by_row(run))
    if run.name != settings.optimizer:
        st.caption(f"{VERSIONS[settings.framework]} has no {settings.optimizer}: this is {run.name}.")


def _say_whose_rules(framework: str) -> None:
    st.caption(f"Computed here with the rules of {VERSIONS[framework]}.")


VIEW = {TWO: _two, ALL: _all, STEPS: _walk, PATHS: _paths, RARE: _rare, NONE: _no_gradient}


def _true_for_one_row(settings: Settings) -> str:
    absent = [index != settings.row for index in settings.stream]
    if not any(absent) or any(run.path.moves[absent][:, settings.row].any() for run in runs.runs_of(settings)):
        return ""
    return "without weight decay, and before it is first read, no optimizer knows of the row: it cannot move."


LESSON = Lesson(
    number=5,
    slug="movers",
    title="Who moves? Optimizers, rare words, decay",
    question="Training reads a few rows at a time. Are those the only rows that change?",
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
        because="With the stream 0, 1, 1, 1, 1 the gradient of row 0 is 0 from step 2 on. SGD follows the gradient "
        "alone; Adam still remembers the first one.",
    ),
    words=("Optimizer", "SGD", "Momentum", "Adam", "Weight decay", "Sparse gradient"),
    knobs=KNOBS,
    controls=_controls,
    sealed=_before,
    experiment=_experiment,
    finding="The gradient is zero for rows that were not read. The update need not be: memory and weight decay move "
    "them too. Only a row that was never read, without decay, is sure to stay.",
    questions=QUESTIONS,
    snippets=snippets,
    task=Task(
        "“Only the rows that are read move” is false here. Make it true for one row: find settings with which no "
        "optimizer in “All optimizers” moves the watched row in a step that does not read it.",
        check=_true_for_one_row,
    ),
)
