"""A field for ids, with its rules beside it."""

from functools import partial

import streamlit as st

from core.table import check_indices
from lessons.ui.knobs import LONGEST_NUMBER, Knob, Knobs
from lessons.ui.numbers import quoted

MOST_IDS = 8  # rows that fit into a figure with numbers


def ids_knob(default: str) -> Knob:
    """A field for ids; `draw_ids` draws it."""
    rule = f"Row numbers with commas between, at most {MOST_IDS} of them."
    return Knob("ids", default, _listed, widget=partial(st.text_input, "Ids", help=rule))


def read_ids(text: str) -> list[int]:
    """Whole numbers with commas or spaces between. Raises ValueError that names the rule and what came."""
    parts = text.replace(",", " ").split()
    if not parts or not all(part.removeprefix("-").isdecimal() and len(part) <= LONGEST_NUMBER for part in parts):
        raise ValueError(f"ids must be whole numbers with commas between, got {quoted(text)}")
    if len(parts) > MOST_IDS:
        raise ValueError(f"at most {MOST_IDS} ids fit into the figure, got {len(parts)}")
    return [int(part) for part in parts]


def draw_ids(knobs: Knobs, num_embeddings: int) -> tuple[int, ...]:
    """The field and its ids; where they break a rule a message says so, and the last ones that kept it stay in use."""
    try:
        ids = tuple(check_indices(read_ids(knobs.draw("ids")), num_embeddings).tolist())
    except (ValueError, IndexError) as error:
        message = str(error)
        st.error(f"{message[0].upper()}{message[1:]}. The figure keeps the last ids that worked.")
        good = st.session_state.get(knobs.key("good_ids"), ())
        return tuple(index for index in good if index < num_embeddings) or (0,)
    st.session_state[knobs.key("good_ids")] = ids
    return ids


def _listed(text: str) -> str:
    read_ids(text)
    return text
