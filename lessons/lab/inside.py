"""What happens inside: words to ids, ids to rows by both routes, and one step of the run with all its numbers."""

from collections.abc import Sequence
from html import escape

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.records import IntArray
from core.runs import Explanation, History
from core.table import largest_difference, lookup, matmul_lookup, one_hot
from core.text import UNK
from lessons.lab.source import Words
from lessons.lab.training import Picture, Settings, explained, table_at
from lessons.lab.trust import trust_figures
from lessons.ui.lesson import figures
from lessons.ui.matrix import flow, matrix, sign
from lessons.ui.numbers import plain
from lessons.ui.walk import Scene, walk

SECTIONS = ("Words and ids", "Look-up and product", "One step", "Trust the picture?")
MOST_ROWS = 8  # of a matrix with numbers
MOST_CHIPS = 60
TOP = 5


def draw_inside(settings: Settings, history: History, shown: Picture, asked: int | None) -> None:
    """The views below the player. A step that the player asks about opens the third."""
    if asked is not None and st.session_state.get("lab_asked") != asked:
        st.session_state["lab_asked"] = asked
        st.session_state["lab_section"] = SECTIONS[2]
        st.session_state["lab_shown_step"] = min(asked, len(history.losses))
    st.header("Inside the layer", anchor=False)
    section = st.segmented_control(
        "View", SECTIONS, default=None if "lab_section" in st.session_state else SECTIONS[0], required=True,
        key="lab_section", label_visibility="collapsed", wrap=True, help="Four looks at the same text.",
    )  # fmt: skip
    if section == SECTIONS[0]:
        _words_and_ids(settings.words)
    elif section == SECTIONS[1]:
        _look_up(settings, history)
    elif section == SECTIONS[2]:
        _one_step(settings, history)
    else:
        dimensions = shown.projection.basis.shape[1]
        st.html(trust_figures(settings, history, shown, len(history.losses), dimensions))


def _document(words: Words) -> int:
    """Which line of the text to look at, from 0."""
    label = f"Line of the text, 1 to {len(words.ids)}"
    return int(st.number_input(label, 1, len(words.ids), key="lab_document", help="Which line to follow.")) - 1


def _words_and_ids(words: Words) -> None:
    known, vocabulary = words.vocabulary.ids, words.vocabulary
    line = words.tokens[_document(words)].words[:MOST_CHIPS]
    chips = "".join(f"<li>{escape(word)} <small>{_id_of(words, word)}</small></li>" for word in line)
    most = ", ".join(f"{character} × {count}" for character, count in words.dropped.most_common(4))
    counts = figures(
        ("Rows of the table V", plain(len(vocabulary)), f"{vocabulary.reserved} of them reserved"),
        ("Dropped characters", plain(words.dropped.total()), most or "none"),
        ("Words without an id of their own", plain(words.missing), "they share <unk>" if UNK in known else "left out"),
    )
    st.html(f'<ul class="tokens" aria-label="Words of the line and their ids">{chips}</ul>{counts}')
    whole = st.expander("The whole vocabulary", key="lab_vocabulary", on_change="rerun")
    if whole.open:
        counted = zip(vocabulary.tokens, vocabulary.counts.tolist(), strict=True)
        rows = [{"id": row, "word": word, "count": count} for row, (word, count) in enumerate(counted)]
        whole.dataframe(rows, height=280, hide_index=True, alt="The vocabulary: id, word, count")


def _id_of(words: Words, word: str) -> str:
    row = words.vocabulary.ids.get(word, words.vocabulary.ids.get(UNK))
    return "none" if row is None else str(row)


def _look_up(settings: Settings, history: History) -> None:
    words = settings.words
    ids = words.ids[_document(words)][:MOST_ROWS]
    if not len(ids):
        st.info("No word of this line has an id.")
        return
    table = table_at(history, 0)
    rows = np.unique(ids)
    labels, scale = _labels(words, ids), float(np.abs(table).max())
    part = matrix(table[rows], f"E, rows read of {len(table)}", row_labels=_labels(words, rows), tag="E", scale=scale)
    origins = [f"E-{np.searchsorted(rows, index)}" for index in ids]
    copied = matrix(lookup(table, ids), "E[ids]", row_labels=labels, scale=scale, origins=origins)
    product = matrix(matmul_lookup(table, ids), "X E", row_labels=labels, scale=scale)
    hot = matrix(one_hot(ids, len(table)), "X, one-hot", kind="plain", row_labels=labels)
    difference = largest_difference(lookup(table, ids), matmul_lookup(table, ids))
    walk(
        [
            Scene("<b>Words to ids.</b> Each word is the number of a row in the untrained table.", flow(part)),
            Scene("<b>Look-up.</b> Every id copies its row.", flow(part, sign("→"), copied)),
            Scene(
                f"<b>One-hot product.</b> {len(ids)} × {len(table)} numbers instead of {len(ids)} ids, "
                f"{len(ids) * table.size:,} multiplications. Largest difference from look-up: {plain(difference)}.",
                flow(hot, sign("× E ="), product),
            ),
        ],
        in_address=False,
        key="lab_lookup",
    )


def _one_step(settings: Settings, history: History) -> None:
    if not len(history.losses):
        st.info("No step has been trained yet.")
        return
    left, right = st.columns(2)
    step = _whole(left, "Step", "lab_shown_step", len(history.losses))
    explanation = explained(settings, history, step - 1)
    example = _whole(right, "Example", "lab_example", len(explanation.examples))
    walk(_step_scenes(settings, explanation, example - 1), in_address=False, key="lab_one_step")
    recorded = history.snapshots[history.recorded == step]
    landing = ""
    if len(recorded):
        difference = plain(largest_difference(explanation.after, recorded[0]), 2)
        landing = f" Largest difference from the table that training recorded: {difference}."
    st.caption(f"Replayed from the start of the run, in the readable form.{landing}")


def _whole(column: DeltaGenerator, name: str, key: str, last: int) -> int:
    st.session_state[key] = min(st.session_state.get(key, 1), last)
    return int(column.number_input(f"{name}, 1 to {last:,}", 1, last, key=key, help=f"Which {name.lower()} to follow."))


def _step_scenes(settings: Settings, explanation: Explanation, example: int) -> list[Scene]:
    head, words = explanation.head, settings.words
    mine = np.flatnonzero(head.example == example)[:MOST_ROWS]
    ids = head.indices[mine]
    rows = np.unique(ids)
    labels, row_labels = _labels(words, ids), _labels(words, rows)
    origins = [f"E-{np.searchsorted(rows, index)}" for index in ids]
    read_from = f"E, rows read of {len(explanation.before)}"
    table = matrix(explanation.before[rows], read_from, row_labels=row_labels, tag="E")
    read = matrix(head.rows[mine], "rows", row_labels=labels, tag="H", origins=origins)
    pooled = matrix(head.pooled[[example]], "h, their mean", row_labels=["h"])
    scores = _scores(settings, explanation, example)
    loss = f"the example's loss is {plain(float(head.losses[example]))}, the mean of all {plain(head.loss)}"
    return [
        Scene("<b>1 Look up.</b> The example reads its rows.", flow(table, sign("→"), read)),
        Scene("<b>2 Pool.</b> Their mean is one vector.", flow(read, sign("→"), pooled)),
        Scene(f"<b>3 Score.</b> The head scores its outputs: {loss}.", flow(pooled, sign("→"), scores)),
        *_backward_scenes(settings, explanation, example, mine),
    ]


def _backward_scenes(settings: Settings, explanation: Explanation, example: int, mine: IntArray) -> list[Scene]:
    head, words = explanation.head, settings.words
    ids = head.indices[mine]
    rows = np.unique(ids)
    labels, row_labels, kind = _labels(words, ids), _labels(words, rows), "gradient"
    back = matrix(head.grad_pooled[[example]], "∂loss/∂h", kind=kind, row_labels=["h"], tag="dh")
    name, origins = "this example's gradients", ["dh-0"] * len(mine)
    shares = matrix(head.grad_rows[mine], name, kind=kind, row_labels=labels, origins=origins)
    total = matrix(head.grad_weight[rows], "∂loss/∂E, all examples", kind=kind, row_labels=row_labels)
    before = matrix(explanation.before[rows], "E", row_labels=row_labels)
    delta = matrix(explanation.delta[rows], f"step of {settings.optimizer}", row_labels=row_labels)
    after = matrix(explanation.after[rows], "E, updated", row_labels=row_labels)
    return [
        Scene("<b>4 Back.</b> The error comes back to h; each row gets its share.", flow(back, sign("→"), shares)),
        Scene("<b>5 Add.</b> The gradients of all examples add up in their rows.", flow(shares, sign("→"), total)),
        Scene("<b>6 Update.</b> The optimizer makes a step of it.", flow(before, sign("+"), delta, sign("="), after)),
    ]


def _scores(settings: Settings, explanation: Explanation, example: int) -> str:
    """The likeliest outputs and the right one, as a table of probabilities."""
    probabilities = explanation.head.probabilities[example]
    target = explanation.examples.targets[example]
    names = _output_names(settings)
    if len(probabilities) == 1:
        probabilities, right = np.array([1 - probabilities[0], probabilities[0]]), {int(target)}
    else:
        right = set(np.atleast_1d(target).tolist()) if np.ndim(target) == 0 else set(np.flatnonzero(target).tolist())
    order = sorted({*np.argsort(-probabilities)[:TOP].tolist(), *list(right)[:TOP]}, key=lambda n: -probabilities[n])
    chosen = [place for place, output in enumerate(order) if output in right]
    return matrix(
        probabilities[order][:, None], "probabilities, right ones outlined", kind="plain",
        row_labels=[names[output] for output in order], column_labels=["p"], chosen=chosen,
    )  # fmt: skip


def _output_names(settings: Settings) -> Sequence[str]:
    if settings.head != "Classifier":
        return settings.words.vocabulary.tokens
    return sorted(set(settings.words.corpus.labels[settings.label]))


def _labels(words: Words, ids: IntArray) -> list[str]:
    return [f"{index} {words.vocabulary.tokens[index]}" for index in ids]
