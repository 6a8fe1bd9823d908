"""The sentences of lesson 3 as ids: what is numbered, what is left out, and what fills up the shorter sentences."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from core.records import FloatArray, IntArray
from core.table import check_indices
from core.text import PAD, UNK, Vocabulary, documents, tokenize

DEFAULT = "fresh soup was great\nfresh soup"
DIMENSIONS = 3
FILLED = "filled up"  # what stands behind a short sentence if no row is reserved for it
MOST_ROWS, MOST_LINES, MOST_WORDS, MOST_CHARACTERS = 8, 4, 6, 400


class Settings(NamedTuple):
    """What the learner has set."""

    text: str = DEFAULT
    pad: bool = True
    unk: bool = False
    rows: int = 4
    view: str = ""
    probe: float = 5
    pads: int = 4


class Numbered(NamedTuple):
    """A text as ids."""

    vocabulary: Vocabulary
    lines: tuple[tuple[str, ...], ...]  # the words that have an id, sentence by sentence
    ids: IntArray  # (B, L), 0 where a sentence is over
    notes: tuple[str, ...]  # what did not fit


def readable(text: str) -> str:
    """The text itself. Raises ValueError, as the rest of a sentence, if it holds no word or is too long."""
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"must have at most {MOST_CHARACTERS} characters")
    if not tokenize(text).words:
        raise ValueError("must have at least one word")
    return text


@lru_cache(maxsize=256)
def numbered(text: str, pad: bool, unk: bool) -> Numbered:
    """Words, vocabulary and padded ids of a readable text; only as much of it as fits into the figure."""
    found = list(filter(None, (tokenize(line).words for line in documents(text))))
    lines = [line[:MOST_WORDS] for line in found[:MOST_LINES]]
    vocabulary = Vocabulary.of((word for line in lines for word in line), MOST_ROWS - pad - unk, pad, unk)
    known = tuple(tuple(word for word in line if unk or word in vocabulary.ids) for line in lines)
    ids = np.zeros((len(known), max(1, *map(len, known))), np.int64)
    for place, line in enumerate(known):
        ids[place, : len(line)] = vocabulary.encode(line)
    return Numbered(vocabulary, known, ids, tuple(_notes(found, lines, vocabulary, unk)))


def _notes(found: list[tuple[str, ...]], lines: list[tuple[str, ...]], vocabulary: Vocabulary, unk: bool) -> list[str]:
    notes, strangers = [], sorted({word for line in lines for word in line} - vocabulary.ids.keys())
    if len(found) > MOST_LINES:
        notes.append(f"The figure has room for {MOST_LINES} sentences: the others are left out.")
    if any(len(line) > MOST_WORDS for line in found):
        notes.append(f"Sentences are cut after {MOST_WORDS} words.")
    if strangers:
        fate = (
            "they read the row of <unk>" if unk else "they are left out. Reserve a row for unknown words to keep them"
        )
        notes.append(
            f"The figure has room for {MOST_ROWS} rows, so some words have no id ({', '.join(strangers)}): {fate}."
        )
    return notes


def token_of(vocabulary: Vocabulary, row: int) -> str:
    """Who owns a row of the table."""
    return vocabulary.tokens[row] if row < len(vocabulary) else "unused"


def word_at(text: Numbered, line: int, place: int) -> str:
    """What stands at a place of the padded ids: a word, <unk> for one without a row, or what fills up."""
    words = text.lines[line]
    if place >= len(words):
        return PAD if text.vocabulary.tokens[0] == PAD else FILLED
    return words[place] if words[place] in text.vocabulary.ids else UNK


@lru_cache(maxsize=16)
def table(rows: int) -> FloatArray:
    """Start values (V, D) with two decimals. A longer table begins with the same rows."""
    return np.random.default_rng(0).normal(0, 1, (MOST_ROWS, DIMENSIONS)).round(2)[:rows]


def trouble(ids: IntArray, rows: int) -> str:
    """Why a table of so many rows cannot be read at these ids; "" if it can."""
    try:
        check_indices(ids, rows)
    except IndexError:
        return f"ids must be 0 to {rows - 1}, got {ids[ids >= rows][0]}"
    return ""
