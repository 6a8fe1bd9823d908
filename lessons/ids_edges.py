"""What happens at the edges of a table: ids without a row, and the row that stands for "no word here"."""

from html import escape

import numpy as np
import streamlit as st

from core.bad_ids import READERS, Reader, Reading
from core.masks import masked_mean, zero_mask
from core.padding import padded_table
from core.records import FloatArray
from lessons.ids_scenes import mask_table
from lessons.ids_text import Settings, numbered, table
from lessons.ui.lesson import callout, figures
from lessons.ui.matrix import flow, matrix
from lessons.ui.numbers import MINUS, plain, signed

WORDS = (
    "The same layer of Keras can run on TensorFlow, torch (PyTorch) or JAX. <b>nan</b>: “not a number”. "
    "<b>W</b>: the table."
)
PROBES = (-2, -1, 0, 1, 2, 3, 3.7, 4, 5, 6, 7, 8)
WORD = (0.5, 0.5)  # the row of both words in the example of a mean
FACTS = (
    (
        "PyTorch 2.13.0, padding_idx=0",
        "Row 0 begins as zeros and gets no gradient. There is no mask: later layers see an ordinary vector.",
    ),
    (
        "Keras 3.15.1, mask_zero=True",
        "Row 0 begins like any other. A mask goes along, and a layer that knows it, as GlobalAveragePooling1D does, "
        "leaves the padding out.",
    ),
    (
        "Keras 3.15.1, Flatten after it",
        "Flatten does not know masks: it warns and drops the mask. Row 0 then counts, and is trained.",
    ),
)


def probing(settings: Settings) -> None:
    """One id, and what six ways to read a table make of it."""
    index, rows = settings.probe, settings.rows
    found = [reader.read(index, rows) for reader in READERS]
    different = len(set(found))
    has = f"rows 0 to {rows - 1}"
    if different == 1:
        said = f"<b>Id {_written(index)}, {has}:</b> all six read the same row."
    else:
        said = f"<b>Id {_written(index)}, {has}:</b> {different} different results from six ways to read the table."
    callout(said)
    body = "".join(_line(reader, reading, rows) for reader, reading in zip(READERS, found, strict=True))
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Layer", "Result", "Its rule"))
    st.html(
        f"<p class='marks'>{WORDS}</p>"
        '<div class="record swipe" tabindex="0" role="group" aria-label="What six layers do with the id"><table>'
        f"<caption>Seen on a CPU, without compiling. A GPU may differ.</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _line(reader: Reader, reading: Reading, rows: int) -> str:
    name = f'<th scope="row">{escape(reader.name)}<small>{escape(reader.version)}</small></th>'
    result = f'<td class="{"bad" if reading.row is None else "fine"}">{escape(_result(reading, rows))}</td>'
    return f"<tr>{name}{result}<td>{escape(reader.rule)}</td></tr>"


def _result(reading: Reading, rows: int) -> str:
    if reading.error:
        return f"error: {reading.error}"
    if reading.row is None:
        return "a row of nan, no error"
    place = ", the last" if reading.row == rows - 1 else ""
    values = ", ".join(signed(value) for value in table(rows)[reading.row].tolist())
    return f"row {reading.row}{place}: {values}"


def masking(settings: Settings) -> None:
    """The mask beside an unchanged row 0 and that of padding_idx; what padding does to a mean."""
    text = numbered(settings.text, settings.pad, settings.unk)
    callout(
        "<b>Id 0 still reads row 0.</b> mask_zero=True changes no number: it sends a mask along. "
        + ("" if settings.pad else "Here no row is reserved: the mask also hides the token that owns id 0.")
    )
    first = table(settings.rows)[:1]
    ordinary = matrix(first, "row 0, mask_zero=True", row_labels=["0"])
    zeroed = matrix(padded_table(first, 0), "row 0, padding_idx=0", row_labels=["0"])
    st.html(flow(mask_table(zero_mask(text.ids)), ordinary, zeroed))
    st.html(_means(settings.pads))
    st.html("".join(f"<p class='fact'><b>{escape(who)}.</b> {escape(what)}</p>" for who, what in FACTS))


def means(pads: int) -> tuple[FloatArray, FloatArray]:
    """The plain mean (2,) of two words and so many rows of zeros, and the masked one (2,)."""
    rows = np.array([[WORD] * 2 + [(0.0, 0.0)] * pads])  # (1, L, 2)
    mask = zero_mask([[1, 2] + [0] * pads])
    return rows.mean(axis=1)[0], masked_mean(rows, mask)[0]


def _means(pads: int) -> str:
    dilute, kept = means(pads)
    return figures(
        ("Two words, both", _vector(np.array(WORD)), f"and {pads} times padding, a row of zeros"),
        (f"Plain mean of {2 + pads} rows", _vector(dilute), "padding is counted" if pads else "nothing to dilute it"),
        ("Masked mean of 2 rows", _vector(kept), "padding is left out"),
    )


def _vector(values: FloatArray) -> str:
    return f"[{', '.join(plain(value, 3) for value in values.tolist())}]"


def _written(index: float) -> str:
    return f"{index:g}".replace("-", MINUS)
