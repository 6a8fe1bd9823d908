"""From a text to ids: words and their vocabulary. What stands beside what is in core/neighbours.py."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.records import Record
from core.table import check_indices

Ids: TypeAlias = NDArray[np.int64]

PAD, UNK = "<pad>", "<unk>"
APOSTROPHES = "'\u2019"
INVISIBLE = re.compile("[\u00ad\u200c\u200d\u2060\ufe00-\ufe0f\ufeff]")  # soft hyphen, joiners, variation selectors
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[\u3002\uff01\uff1f\uff0e\uff61])\s*")  # full-width ends need no space


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The words of a text, and how often each character was dropped (white space aside), most common first."""

    words: tuple[str, ...]
    dropped: Counter[str]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Vocabulary(Record):
    """Who owns which row: tokens[id], how often each came (V,), and how many rows at the top are reserved."""

    tokens: tuple[str, ...]
    counts: Ids
    reserved: int
    ids: dict[str, int]

    @classmethod
    def of(cls, words: Iterable[str], size: int | None = None, pad: bool = True, unk: bool = True) -> Self:
        """Number the words by falling frequency (ties: first seen first), behind the reserved rows.

        `size` is how many words are kept besides the reserved rows; <unk> counts those it stands for.
        """
        if size is not None and size < 1:
            raise ValueError(f"size must be at least 1, got {size}")
        seen = Counter(words)
        reserved = {token: 0 for token, on in ((PAD, pad), (UNK, unk)) if on}
        if clash := seen.keys() & reserved:
            raise ValueError(f"words must not be the reserved {min(clash)}")
        kept = dict(seen.most_common(size))  # sorts stably, so ties stay in the order they were seen
        if unk:
            reserved[UNK] = seen.total() - sum(kept.values())
        counts = reserved | kept
        ids = {token: row for row, token in enumerate(counts)}
        return cls(tokens=tuple(counts), counts=np.array([*counts.values()], np.int64), reserved=len(reserved), ids=ids)

    def __len__(self) -> int:
        return len(self.tokens)

    def encode(self, tokens: Iterable[str]) -> Ids:
        """One id per token (N,); unknown ones become <unk> or, without that row, are left out."""
        if isinstance(tokens, str):
            raise TypeError(f"tokens must be a sequence of words, got the string {tokens!r}")
        unknown = next((row for row in range(self.reserved) if self.tokens[row] == UNK), -1)
        ids = np.array([self.ids.get(token, unknown) for token in tokens], np.int64)
        return ids[ids >= 0]

    def decode(self, ids: ArrayLike) -> tuple[str, ...]:
        """One token per id."""
        return tuple(self.tokens[row] for row in check_indices(ids, len(self)).tolist())


def tokenize(text: str) -> Tokens:
    """Lower-cased NFC words: letters, digits, marks and inner apostrophes (don't); each ideograph or kana by itself."""
    folded = unicodedata.normalize("NFC", INVISIBLE.sub("", text.lower()))
    pieces = folded.translate(SPACING).split()
    kept = " ".join(filter(None, [piece if piece.isalnum() else _trimmed(piece) for piece in pieces]))
    dropped = Counter(folded) - Counter(kept)
    seen = {char: count for char, count in dropped.most_common() if not char.isspace()}
    return Tokens(words=tuple(kept.replace("\u2019", "'").split()), dropped=Counter(seen))


def documents(text: str) -> tuple[str, ...]:
    """One document per line that is not empty; a text of one line is cut at its sentence ends instead."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    sentences = SENTENCE_END.split(lines[0]) if len(lines) == 1 else lines
    return tuple(filter(None, sentences))


class _Spacing(dict[int, str]):
    """A table for str.translate, filled as characters come: words stay, ideographs stand apart, the rest is a gap."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        name = unicodedata.name(char, "")
        inside = char.isalnum() or char in APOSTROPHES or unicodedata.category(char) in ("Mn", "Mc")
        apart = any(script in name for script in ("IDEOGRAPH", "HIRAGANA", "KATAKANA"))
        self[code] = f" {char} " if inside and apart else char if inside else " "
        return self[code]


SPACING = _Spacing()


def _trimmed(piece: str) -> str:
    """Cut what may stand inside a word but not at its edges: marks without a letter, quotes."""
    start = next((at for at, char in enumerate(piece) if char.isalnum()), len(piece))
    return piece[start:].rstrip(APOSTROPHES)
