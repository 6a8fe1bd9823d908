"""What a page says apart from its widgets: the small line above a title, a set-apart sentence, large numbers."""

from html import escape

import streamlit as st


def kicker(text: str) -> None:
    """The small line above a title."""
    st.html(kicker_html(text))


def kicker_html(text: str) -> str:
    """HTML of it."""
    return f'<p class="kicker">{escape(text)}</p>'


def callout_html(html: str, *, not_so: bool = False) -> str:
    """HTML of a sentence that is set apart."""
    return f'<div class="callout{" not-so" if not_so else ""}">{html}</div>'


def callout(html: str, *, not_so: bool = False) -> None:
    """A sentence that is set apart."""
    st.html(callout_html(html, not_so=not_so))


def figures(*entries: tuple[str, str, str]) -> str:
    """HTML of large numbers side by side: (what it is, the number with its unit, a remark)."""
    cells = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(number)}<small>{escape(remark)}</small></dd></div>"
        for name, number, remark in entries
    )
    return f'<dl class="figures">{cells}</dl>'
