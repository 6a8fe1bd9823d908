"""Files that a learner brings: text or a table with labels, or a sentence that says what is wrong with them."""

import csv
import io
import math
from dataclasses import dataclass

from core.text import tokenize

MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledText:
    """Documents, and for each label column one label per document."""

    documents: tuple[str, ...]
    labels: dict[str, tuple[str, ...]]


def read_text(data: bytes, name: str) -> str:
    """Decode an uploaded file (UTF-8, with or without BOM); ValueError says which rule it breaks."""
    if len(data) > MAX_BYTES:
        raise ValueError(f"{name} must be at most 1 MB, got {math.ceil(len(data) / 1e5) / 10} MB")
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        wrong = f"byte 0x{data[error.start]:02X} at position {error.start}"
        raise ValueError(f"{name} must be UTF-8, but {wrong} is not") from None
    if b"\0" in data:
        raise ValueError(f"{name} must be text, but has a NUL byte at position {data.index(0)}")
    if (different := len(set(tokenize(text).words))) < 2:
        raise ValueError(f"{name} must hold at least two different words, got {different}")
    return text


def read_csv(text: str) -> LabelledText:
    """Read a column `text` and any number of label columns; the header decides between comma, semicolon and tab.

    Columns without a name (an exported row number) are left out.
    """
    header, *rows = _csv_rows(text)
    names = [name.strip() for name in header]
    if names.count("text") != 1:
        raise ValueError(f"a CSV must have one column named text, got columns: {', '.join(names)}")
    if twice := [name for name in names if name and names.count(name) > 1]:
        raise ValueError(f"column names must differ, got {twice[0]} {names.count(twice[0])} times")
    if not rows:
        raise ValueError("a CSV must have at least one line below its header, got none")
    columns = {name: tuple(map(str.strip, column)) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    columns.pop("", None)
    return LabelledText(documents=columns.pop("text"), labels=columns)


def _csv_rows(text: str) -> list[list[str]]:
    start = text.lstrip("\ufeff\r\n")
    delimiter = max(",;\t", key=start.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        for row in filter(None, reader):  # blank lines are empty lists
            rows.append(row)
            if len(row) != len(rows[0]):
                raise ValueError(f"line {reader.line_num} must have {len(rows[0])} fields, got {len(row)}")
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num} must be valid CSV: {error}") from None
    if not rows:
        raise ValueError("a CSV must have a header line, got an empty text")
    return rows
