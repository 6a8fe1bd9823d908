"""The figures of lesson 3: words and their ids, the padded ids, the table, and the output as a stack of tables."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape

import numpy as np
from numpy.typing import NDArray

from core.table import take_rows
from core.text import PAD
from lessons.ids_text import DIMENSIONS, FILLED, Numbered, Settings, numbered, table, token_of, trouble, word_at
from lessons.ui.matrix import flow, matrix, sign
from lessons.ui.walk import Scene


@lru_cache(maxsize=256)
def scenes(settings: Settings) -> list[Scene]:
    """The whole look-up, then one sentence after the other."""
    text = numbered(settings.text, settings.pad, settings.unk)
    rows = settings.rows
    failed = trouble(text.ids, rows)
    output = _no_output() if failed else _stack(text, rows)
    whole = flow(ids_table(text, rows), sign("→"), rows_table(text, rows), sign("→"), output)
    each = [_sentence(text, rows, line) for line in range(len(text.ids))]
    all_of_them = "One id has no row: the call fails." if failed else "Every id is replaced by its row."
    return [Scene(f"<b>All at once.</b> {all_of_them}", whole), *each]


def words_and_ids(settings: Settings) -> str:
    """HTML of the vocabulary: each word with its id, and before it the id that it has with padding reserved alone."""
    tokens = numbered(settings.text, settings.pad, settings.unk).vocabulary.tokens
    usual = numbered(settings.text, True, False).vocabulary.ids
    chips = "".join(_chip(token, usual.get(token, row), row) for row, token in enumerate(tokens))
    return f'<ul class="tokens" aria-label="Vocabulary: words and their ids">{chips}</ul>'


def _chip(token: str, before: int, row: int) -> str:
    if before == row:
        return f"<li>{escape(token)} <small>{row}</small></li>"
    return f'<li class="chosen">{escape(token)} <small>{before} → {row}</small></li>'


def ids_table(text: Numbered, rows: int | None, chosen: int | None = None) -> str:
    """HTML of the padded ids (B, L); an id that no row of the table has is marked, unless rows is None."""
    body = ""
    for line, ids in enumerate(text.ids.tolist()):
        cells = "".join(_id_cell(index, word_at(text, line, place), rows) for place, index in enumerate(ids))
        attribute = ' class="chosen"' if line == chosen else ""
        body += f'<tr{attribute}><th scope="row">{_name(line)}</th>{cells}</tr>'
    return cells_table("ids", text.ids.shape, body)


def mask_table(mask: NDArray[np.bool_]) -> str:
    """HTML of a mask (B, L)."""
    body = ""
    for line, kept in enumerate(mask.tolist()):
        cells = "".join(f'<td class="{"word" if keep else "pad"}">{keep}</td>' for keep in kept)
        body += f'<tr><th scope="row">{_name(line)}</th>{cells}</tr>'
    return cells_table("mask", mask.shape, body)


def cells_table(name: str, shape: Sequence[int], body: str) -> str:
    """HTML of a matrix whose cells are more than numbers."""
    places = "".join(f'<th scope="col">{place}</th>' for place in range(shape[1]))
    content = f"<table><thead><tr><td></td>{places}</tr></thead><tbody>{body}</tbody></table>"
    extent = f"{shape[0]} × {shape[1]}"
    box = f'<div class="box" tabindex="0" role="group" aria-label="{name}, {extent}">{content}</div>'
    return (
        f'<figure class="matrix plain words"><figcaption><b>{name}</b> <span>{extent}</span></figcaption>{box}</figure>'
    )


def rows_table(text: Numbered, rows: int, chosen: Sequence[int] = ()) -> str:
    """HTML of the table, its rows named by who owns them."""
    labels = [f"{row} {token_of(text.vocabulary, row)}" for row in range(rows)]
    return matrix(table(rows), "E, the table", row_labels=labels, chosen=chosen, dim=bool(chosen), tag="E")


def _id_cell(index: int, word: str, rows: int | None) -> str:
    if rows is not None and index >= rows:
        return f'<td class="bad">{index}<small>bad id: {escape(word)}</small></td>'
    kind = ' class="pad"' if word in (PAD, FILLED) else ""
    return f"<td{kind}>{index}<small>{escape(word)}</small></td>"


def _sentence(text: Numbered, rows: int, line: int) -> Scene:
    """One sentence: its rows go from the table into its slice of the output, or one of its ids has no row."""
    ids, why = text.ids[line], trouble(text.ids[line], rows)
    have = [index for index in ids.tolist() if index < rows]
    left = (ids_table(text, rows, line), sign("→"), rows_table(text, rows, have), sign("→"))
    name = _name(line)
    if why:
        caption = f"<b>{name}.</b> Id {ids[ids >= rows][0]} has no row: the last row of the table is {rows - 1}."
        return Scene(caption, flow(*left, _no_output()))
    if trouble(text.ids, rows):
        caption = f"<b>{name}.</b> Its own ids have rows. The call fails all the same: one bad id is enough."
        return Scene(caption, flow(*left, _no_output()))
    caption = f"<b>{name}.</b> {len(ids)} ids, {len(ids)} rows: a slice of {len(ids)} × {DIMENSIONS} of the output."
    return Scene(caption, flow(*left, _slice(text, rows, line, fly=True)))


def _stack(text: Numbered, rows: int) -> str:
    """The output (B, L, D) as a stack of B tables."""
    count, length = text.ids.shape
    slices = "".join(_slice(text, rows, line) for line in range(count))
    caption = f"<figcaption><b>output</b> <span>{count} × {length} × {DIMENSIONS}</span></figcaption>"
    return f'<figure class="stack">{caption}{slices}</figure>'


def _slice(text: Numbered, rows: int, line: int, fly: bool = False) -> str:
    ids = text.ids[line]
    labels = [f"{index} {word_at(text, line, place)}" for place, index in enumerate(ids.tolist())]
    origins = [f"E-{index}" if fly else None for index in ids.tolist()]
    scale = float(np.abs(table(rows)).max())
    return matrix(take_rows(table(rows), ids), f"output[{line}]", row_labels=labels, scale=scale, origins=origins)


def _no_output() -> str:
    return '<p class="nothing">No output: the call stops at the first bad id.</p>'


def _name(line: int) -> str:
    return f"Sentence {line + 1}"
