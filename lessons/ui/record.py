"""A small table of results: real headers, a caption, and a box that scrolls by itself on a narrow screen."""

from collections.abc import Sequence
from html import escape


def record(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], chosen: int | None = None) -> str:
    """HTML of a table whose first column names the rows. chosen: the row that the settings ask for."""
    titles = "".join(f'<th scope="col">{escape(title)}</th>' for title in head)
    body = "".join(_row(row, at == chosen) for at, row in enumerate(rows))
    return (
        f'<div class="record" tabindex="0" role="group" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: Sequence[str], is_chosen: bool) -> str:
    name, *cells = (escape(cell) for cell in row)
    start = '<tr class="group">' if is_chosen else "<tr>"
    return f'{start}<th scope="row">{name}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
