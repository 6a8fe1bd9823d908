"""Lesson 3: ids, shapes and the off-by-one. Ids are row addresses, and the table must own each of them."""

from functools import partial

import streamlit as st

from lessons.ids_edges import PROBES, masking, probing
from lessons.ids_questions import QUESTIONS
from lessons.ids_scenes import ids_table, rows_table, scenes, words_and_ids
from lessons.ids_snippets import snippets
from lessons.ids_text import DEFAULT, MOST_CHARACTERS, MOST_ROWS, Settings, numbered, readable, trouble
from lessons.ui import knobs
from lessons.ui.knobs import Knob, Knobs
from lessons.ui.lesson import Lesson, Prediction, Task, callout
from lessons.ui.matrix import flow, sign
from lessons.ui.numbers import quoted
from lessons.ui.walk import walk

LOOK_UP, PROBE, MASK = VIEWS = ("Look up", "Probe one id", "Padding and mask")
CONTROLS = {  # what changes something in a view
    LOOK_UP: ("text", "pad", "unk", "rows"),
    PROBE: ("probe", "rows"),
    MASK: ("text", "pad", "unk", "pads"),
}

KNOBS = Knobs(
    "ids",
    Knob(
        "text",
        DEFAULT,
        readable,
        widget=partial(
            st.text_area,
            "Sentences, one a line",
            height=100,
            max_chars=MOST_CHARACTERS,
            help="The words get ids by falling frequency. Shorter sentences are filled up with id 0.",
        ),
    ),
    knobs.toggle("pad", "Reserve id 0 for padding", True, "Off: the first token, a word or <unk>, gets id 0."),
    knobs.toggle("unk", "Reserve an id for unknown words", False, "Its row stands for every word without an id."),
    knobs.slider("rows", "Rows of the table (input_dim)", 4, 2, MOST_ROWS, "num_embeddings in PyTorch."),
    knobs.segments("view", "What to look at", VIEWS, "Three experiments with the same table.", show_label=False),
    knobs.stops("probe", "Id to send", 5, PROBES, "Any id: below 0, with decimals, or beyond the last row."),
    knobs.slider(
        "pads",
        "Padding after the two words",
        4,
        0,
        8,
        "The mean below the mask is taken over two words and so many rows of zeros.",
    ),
    knobs.STEP,
)


def _controls() -> Settings:
    for name in CONTROLS[KNOBS["view"]]:
        if name == "text":
            _draw_text()
        else:
            KNOBS.draw(name)
    text = st.session_state.get(KNOBS.key("good_text"), DEFAULT)
    return Settings(text, *(KNOBS[name] for name in Settings._fields[1:]))


def _draw_text() -> None:
    """The sentences; where they break a rule a message says so, and the last ones that kept it stay in use."""
    text = KNOBS.draw("text")
    try:
        st.session_state[KNOBS.key("good_text")] = readable(text)
    except ValueError as error:
        st.error(f"The text {error}, got {quoted(text)}. The figure keeps the last text that worked.")


def _before() -> None:
    settings = Settings()
    text = numbered(settings.text, settings.pad, settings.unk)
    st.html(words_and_ids(settings))
    st.html(flow(ids_table(text, None), sign("→"), rows_table(text, settings.rows), sign("→ ?")))


def _experiment(settings: Settings) -> None:
    KNOBS.draw("view")
    VIEW[settings.view](settings)


def _looking_up(settings: Settings) -> None:
    text = numbered(settings.text, settings.pad, settings.unk)
    _said(settings)
    st.html(words_and_ids(settings))
    walk(scenes(settings), step=KNOBS["step"], key="ids_walk")
    for note in text.notes:
        st.caption(note)


def _said(settings: Settings) -> None:
    """The first line: whether the look-up works, and why."""
    text = numbered(settings.text, settings.pad, settings.unk)
    (count, length), largest, why = text.ids.shape, int(text.ids.max()), trouble(text.ids, settings.rows)
    if why:
        callout(
            f"<b>IndexError:</b> {why}. The table needs the largest id + 1 = {largest + 1} rows.",
            not_so=True,
        )
        return
    spare = settings.rows - largest - 1
    rest = f" The last {spare} are never read." if spare > 1 else " The last one is never read." if spare else ""
    callout(
        f"<b>It works:</b> ids {count} × {length} in, output {count} × {length} × 3 out. The largest id is {largest}, "
        f"the table has {settings.rows} rows.{rest}{_collision(settings)}"
    )


def _collision(settings: Settings) -> str:
    """Without a reserved row, what fills up is read as a token."""
    text = numbered(settings.text, settings.pad, settings.unk)
    filled = any(len(line) < text.ids.shape[1] for line in text.lines)
    return "" if settings.pad or not filled else " <b>But</b> what fills up is the row of the token with id 0."


VIEW = {LOOK_UP: _looking_up, PROBE: probing, MASK: masking}


def _broken(settings: Settings) -> str:
    text = numbered(settings.text, settings.pad, settings.unk)
    if settings.text != DEFAULT or settings.rows != 5 or not trouble(text.ids, settings.rows):
        return ""
    return "the row for unknown words moved every word up by one id, so five rows no longer reach the largest."


LESSON = Lesson(
    number=3,
    slug="ids",
    title="Ids, shapes and the off-by-one",
    question="Each word has a number, its id. What goes into the table, what comes out, and why does it need the "
    "largest id + 1 rows?",
    icon=":material/pin:",
    minutes=8,
    prediction=Prediction(
        "Four words have the ids 1 to 4, and 0 is for padding. The table has 4 rows (input_dim = 4). On a CPU, what do "
        "PyTorch, and Keras on TensorFlow, make of the sentence [1, 2, 3, 4]?",
        ("Four rows: it works", "A row of zeros for id 4", "An error", "A row of nan (not a number)"),
        answer=2,
        because="With 4 rows, the last has the number 3: id 4 needs a fifth. Keras can also run on JAX, and "
        "there it gives nan: see “Probe one id”. TensorFlow's documentation promises zeros on a GPU (not tried here).",
    ),
    words=("Token", "Vocabulary", "Number of rows, V", "Padding", "Mask", "nan"),
    knobs=KNOBS,
    controls=_controls,
    sealed=_before,
    experiment=_experiment,
    finding="Ids are row addresses. The table must own every address that you send: it needs at least the largest "
    "id + 1 rows, reserved ids included.",
    questions=QUESTIONS,
    snippets=snippets,
    task=Task(
        "Give the table 5 rows: the look-up works. Now make it fail again, without touching the sentences or the "
        "number of rows.",
        check=_broken,
    ),
)
