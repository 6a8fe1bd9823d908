"""A table of results: real headers, a caption, and a box that scrolls by itself if it is long or the screen narrow."""

from collections.abc import Iterable, Sequence
from html import escape


def record(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], chosen: int | None = None) -> str:
    """HTML of a table whose first column names the rows. chosen: the row that the settings ask for."""
    lines = "".join(_row(row, is_chosen=at == chosen) for at, row in enumerate(rows))
    return _table(caption, head, f"<tbody>{lines}</tbody>")


def grouped_record(caption: str, head: Sequence[str], groups: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> str:
    """The same for groups of rows, each under its own heading."""
    return _table(caption, head, "".join(_group(title, rows, len(head)) for title, rows in groups))


def _table(caption: str, head: Sequence[str], bodies: str) -> str:
    name, titles = escape(caption), "".join(f'<th scope="col">{escape(title)}</th>' for title in head)
    table = f"<table><caption>{name}</caption><thead><tr>{titles}</tr></thead>{bodies}</table>"
    return f'<div class="record" tabindex="0" role="group" aria-label="{name}">{table}</div>'


def _group(title: str, rows: Sequence[Sequence[str]], width: int) -> str:
    heading = f'<tr class="group"><th scope="rowgroup" colspan="{width}">{escape(title)}</th></tr>'
    return f"<tbody>{heading}{''.join(map(_row, rows))}</tbody>"


def _row(row: Sequence[str], is_chosen: bool = False) -> str:
    name, *cells = (escape(cell) for cell in row)
    start = '<tr class="group">' if is_chosen else "<tr>"
    return f'{start}<th scope="row">{name}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
