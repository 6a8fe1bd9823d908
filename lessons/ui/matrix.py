"""The one drawing of a matrix: a real table with row and column headers, or a heatmap where it would not fit."""

import base64
from collections.abc import Collection, Sequence
from html import escape
from io import BytesIO

import numpy as np
from PIL import Image

from core.records import FloatArray
from lessons.ui.numbers import aligned, plain, signed

LARGEST_TABLE = 12, 16  # rows, columns: beyond this the numbers can no longer be read
LARGEST_HEATMAP = 48, 48
HEATMAP_COLOURS = np.array([(37, 99, 201), (217, 142, 30)], np.uint8)  # --negative and --positive, between both themes


def matrix(
    values: FloatArray,
    name: str,
    *,
    kind: str = "weight",
    row_labels: Sequence[str] | None = None,
    column_labels: Sequence[str] | None = None,
    chosen: Collection[int] = (),
    chosen_columns: Collection[int] = (),
    dim: bool = False,
    scale: float | None = None,
    tag: str = "",
    origins: Sequence[str | None] | None = None,
) -> str:
    """HTML of values (rows, columns), named, with its shape.

    kind: "weight" or "gradient" decides the colours, "plain" leaves cells untinted and unsigned. chosen and
    chosen_columns: what to outline; dim: the other rows step back. scale: the size that is tinted fully, else the
    largest entry. tag: rows get the addresses tag-0, tag-1 ..., and origins names for each row the address that it
    flies in from in a walk.
    """
    rows, columns = values.shape
    if rows > LARGEST_TABLE[0] or columns > LARGEST_TABLE[1]:
        return heatmap(values, name)
    largest = scale or float(np.abs(values).max(initial=0)) or 1.0
    labels = row_labels or [str(row) for row in range(rows)]
    texts = [[plain(entry) for entry in row] for row in values.tolist()] if kind == "plain" else aligned(values)
    body = ""
    for row, entries in enumerate(values.tolist()):
        cells = "".join(
            _cell(entry, text, largest, column in chosen_columns)
            for column, (entry, text) in enumerate(zip(entries, texts[row], strict=True))
        )
        attributes = _attributes(row in chosen, dim, tag and f"{tag}-{row}", origins[row] if origins else None)
        body += f'<tr{attributes}><th scope="row">{escape(labels[row])}</th>{cells}</tr>'
    return _figure(name, values.shape, kind, f"<table>{_header(columns, column_labels)}<tbody>{body}</tbody></table>")


def heatmap(values: FloatArray, name: str) -> str:
    """HTML of a matrix too large for numbers: its first rows and columns as an image in the colours of the weights."""
    part = values[: LARGEST_HEATMAP[0], : LARGEST_HEATMAP[1]]
    largest = float(np.abs(part).max(initial=0)) or 1.0
    pixels = np.empty((*part.shape, 4), np.uint8)
    pixels[..., :3] = HEATMAP_COLOURS[(part > 0).astype(int)]
    pixels[..., 3] = np.abs(part) / largest * 255
    stream = BytesIO()
    Image.fromarray(pixels, "RGBA").save(stream, "PNG")
    whole = part.shape == values.shape
    note = "all of it" if whole else f"its first {part.shape[0]} rows and {part.shape[1]} columns"
    extent = f"from {signed(part.min(), 3)} to {signed(part.max(), 3)}"
    alt = escape(f"Heatmap of {name}, {_shape(values.shape)}: {note}, entries {extent}")
    source = f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"
    image = f'<img alt="{alt}" src="{source}" style="aspect-ratio:{part.shape[1]}/{part.shape[0]}">'
    caption = f"<p>{note}: blue is negative, amber positive, {extent}</p>"
    return _figure(name, values.shape, "weight heatmap", image + caption)


def flow(*parts: str) -> str:
    """Matrices and signs (=, ×, →) side by side; they wrap on a narrow screen."""
    return f'<div class="flow">{"".join(parts)}</div>'


def sign(text: str) -> str:
    """What stands between two matrices."""
    return f'<span class="sign">{escape(text)}</span>'


def _figure(name: str, shape: tuple[int, ...], kind: str, content: str) -> str:
    caption = f"<figcaption><b>{escape(name)}</b> <span>{_shape(shape)}</span></figcaption>"
    label = escape(f"{name}, {_shape(shape)}")
    box = f'<div class="box" tabindex="0" role="group" aria-label="{label}">{content}</div>'
    return f'<figure class="matrix {kind}">{caption}{box}</figure>'


def _shape(shape: tuple[int, ...]) -> str:
    return f"{shape[0]} × {shape[1]}"


def _header(columns: int, labels: Sequence[str] | None) -> str:
    names = labels if labels is not None else [f"d{column}" for column in range(columns)]
    cells = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    return f"<thead><tr><td></td>{cells}</tr></thead>"


def _attributes(is_chosen: bool, dim: bool, address: str, origin: str | None) -> str:
    classes = ' class="chosen"' if is_chosen else ' class="rest"' if dim else ""
    return classes + (f' data-row="{address}"' if address else "") + (f' data-from="{origin}"' if origin else "")


def _cell(value: float, text: str, largest: float, outlined: bool) -> str:
    outline = " here" if outlined else ""
    if value == 0:
        return f'<td class="zero{outline}">0</td>'
    tint = round(min(abs(value) / largest, 1) * 100)
    return f'<td class="{"pos" if value > 0 else "neg"}{outline}" style="--t:{tint}">{text}</td>'
