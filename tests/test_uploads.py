"""A file is read, or a sentence says which rule it breaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.uploads import read_csv, read_text


@given(st.text(min_size=1).filter(lambda text: "\0" not in text and text[0] != "\ufeff"))
def test_reading_undoes_encoding_with_or_without_bom(text: str) -> None:
    text += " two words"
    assert read_text(text.encode(), "a.txt") == text
    assert read_text(text.encode("utf-8-sig"), "a.txt") == text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a caf\xe9", "a.txt must be UTF-8, but byte 0xE9 at position 5 is not"),
        (b"two word\0s", "a.txt must be text, but has a NUL byte at position 8"),
        (b"x" * 3_200_000, "a.txt must be at most 1 MB, got 3.2 MB"),
        (b"x" * 1_000_001, "a.txt must be at most 1 MB, got 1.1 MB"),
        (b"One one, ONE!", "a.txt must hold at least two different words, got 1"),
        (b"", "a.txt must hold at least two different words, got 0"),
    ],
)
def test_a_file_that_cannot_be_read_says_which_rule_it_breaks(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        read_text(data, "a.txt")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_columns(delimiter: str) -> None:
    lines = ["\ufeffmood|text|topic", 'good|"tasty, fresh; a\tb"|food', "", "bad| boring |film"]
    table = read_csv("\r\n".join(lines).replace("|", delimiter))
    assert table.documents == ("tasty, fresh; a\tb", "boring")
    assert table.labels == {"mood": ("good", "bad"), "topic": ("food", "film")}


def test_csv_without_labels_and_with_a_nameless_column() -> None:
    assert read_csv("text\none\ntwo").labels == {}
    assert read_csv(",text,mood\n0,one,good").labels == {"mood": ("good",)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a CSV must have a header line, got an empty text"),
        ("text,mood\n", "a CSV must have at least one line below its header, got none"),
        ("review,mood\na,b", "a CSV must have one column named text, got columns: review, mood"),
        ("text,text\na,b", "a CSV must have one column named text, got columns: text, text"),
        ("text,mood,mood\na,b,c", "column names must differ, got mood 2 times"),
        ("text,mood\na,b\n\nc", "line 4 must have 2 fields, got 1"),
        ('text,mood\n"a,b', "line 2 must be valid CSV: unexpected end of data"),
    ],
)
def test_a_csv_that_cannot_be_read_says_why(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        read_csv(text)
