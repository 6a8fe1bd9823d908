"""Search by question: what was asked is compared with the questions behind every quiz option, and with the glossary.

Texts are compared by the words and the letters they share, so a misspelt word still counts. Words that mean the same
(input_dim, num_embeddings, vocabulary size) count as one: the glossary says which.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from core.records import FloatArray
from lessons.course import COURSE, lesson_of
from lessons.glossary_terms import TERMS
from lessons.search_questions import OFTEN
from lessons.ui.lesson import Lesson

CLOSE = 0.15  # below it nothing is close: foreign questions reach about half of it
SHOWN = 5
WORDS = 0.65  # what whole words count beside pieces of words
ABOUT = 0.75  # what a text counts that belongs to an entry without being its question
EVERYDAY = (  # words that learners use, beside the glossary's
    ("table", "matrix", "array", "weights"),
    ("rows", "vectors", "embeddings", "row", "vector", "embedding"),
    ("ids", "id", "index", "indices", "integers", "number of the word"),
    ("word", "words", "token", "tokens"),
    ("picture", "plot", "scatter plot", "chart", "map"),
    ("trained", "learned", "updated", "change", "changes", "move", "moves"),
    ("start", "initial", "initialised", "initialized", "starting", "untrained"),
    ("error", "crash", "exception", "fail", "fails", "IndexError"),
    ("rare", "infrequent", "seldom"),
    (
        "unused",
        "unseen",
        "absent",
        "not in the batch",
        "never occur",
        "never occurs",
        "never seen",
        "not read",
        "not used",
    ),
    (
        "unknown word",
        "unknown words",
        "unk",
        "oov",
        "oov token",
        "out of vocabulary",
        "not in the vocabulary",
        "not in my vocabulary",
        "missing from the vocabulary",
    ),
    ("faster", "slow", "slower", "speed", "cost"),
    ("same", "equal", "identical"),
    ("big", "large", "larger", "bigger"),
    ("dense", "dense layer", "linear", "linear layer", "fully connected"),
    ("one hot", "one hot row", "one hot vector", "one hot vectors", "one hot input"),
)
FILLERS = """
    a an the is are was were be been am do does did done how what why which when where who whose i my me mine you your
    we our us it its this that these those of in on for to with from and or but can could should would will there if
    about as at by than then so s t have has had get gets any some one happens happen tell say mean means matter
"""  # words of any question: what is asked about is in the others
SHORTEST = 3  # letters of a synonym: a single C is also a letter


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """Something to be found: its question or word, and the lesson and settings that answer it."""

    text: str
    about: str  # more words that belong to it
    lesson: Lesson
    settings: Mapping[str, Any]
    says: str = ""  # the answer, in a sentence or two
    is_term: bool = False


class Hit(NamedTuple):
    """An entry, and how close it is to what was asked: 0 to 1."""

    entry: Entry
    closeness: float


@lru_cache(maxsize=256)
def closest(asked: str, count: int = SHOWN) -> Sequence[Hit]:
    """The entries that are closest to a question, best first; of one lesson with the same settings only the best."""
    closeness = _index().closeness(asked)
    hits: dict[object, Hit] = {}
    for at in np.argsort(-closeness, kind="stable"):
        entry = entries()[at]
        place = (entry.lesson.slug, tuple(entry.settings.items()), entry.is_term)
        hits.setdefault(place, Hit(entry, float(closeness[at])))
        if len(hits) == count:
            break
    return tuple(hits.values())


@cache
def entries() -> tuple[Entry, ...]:
    """All that can be found: the questions of options and lessons, those asked often, every word of the glossary."""
    return (*_of_options(), *_of_lessons(), *_of_often(), *_of_terms())


def _of_options() -> Iterator[Entry]:
    for lesson in COURSE:
        for question in lesson.questions:
            for option in question.options:
                yield Entry(option.asks, f"{question.text} {option.text}", lesson, option.try_it, option.feedback)


def _of_lessons() -> Iterator[Entry]:
    for lesson in COURSE:
        yield Entry(lesson.question, f"{lesson.title} {lesson.prediction.question}", lesson, {})


def _of_terms() -> Iterator[Entry]:
    for terms in TERMS.values():
        for term in terms:
            names = " ".join([term.name, *term.others.values()])
            about = f"{names} {term.says}"
            yield Entry(f"What does “{term.name}” mean?", about, lesson_of(term.lesson), term.settings, term.says, True)


def _of_often() -> Iterator[Entry]:
    for asked in OFTEN:
        yield Entry(asked.question, asked.says, lesson_of(asked.lesson), asked.settings, asked.says)


# ---------------------------------------------------------------- how texts are compared


class Index:
    """Texts as rows of weighted words and of weighted pieces of words."""

    def __init__(self, found: Sequence[Entry]) -> None:
        """Weigh the words of all entries: what few of them say counts more."""
        texts = [canonical(entry.text) for entry in found] + [canonical(entry.about) for entry in found]
        words = TfidfVectorizer(token_pattern=r"\w+", ngram_range=(1, 2), sublinear_tf=True)
        pieces = TfidfVectorizer(preprocessor=unmarked, analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True)
        self.views = [
            (weight, view, view.fit_transform(texts)) for weight, view in ((WORDS, words), (1 - WORDS, pieces))
        ]
        self.size = len(found)

    def closeness(self, asked: str) -> FloatArray:
        """The cosine of a question with each entry (N,): the better of its question and what else belongs to it."""
        text = [canonical(asked)]
        both = sum(weight * (rows @ view.transform(text).T).toarray()[:, 0] for weight, view, rows in self.views)
        closeness: FloatArray = np.maximum(both[: self.size], ABOUT * both[self.size :])
        return closeness


@cache
def _index() -> Index:
    return Index(entries())


def canonical(text: str) -> str:
    """The telling words of a text in small letters, followed by one mark for each idea that it names."""
    plain = re.sub(r"[\s_-]+", " ", text.casefold())
    marks = {_ideas()[name] for name in _idea_pattern().findall(plain)}
    telling = [word for word in re.findall(r"\w+", plain) if word not in _fillers()]
    return " ".join([*telling, *sorted(marks)])


def unmarked(text: str) -> str:
    """The words of a canonical text: the letters of a mark say nothing."""
    return re.sub(r"\bidea\d+", "", text)


@cache
def _fillers() -> frozenset[str]:
    return frozenset(FILLERS.split())


@cache
def _ideas() -> dict[str, str]:
    """{a name in small letters: the mark of its idea}."""
    groups = [[term.name, *_names(term.others)] for terms in TERMS.values() for term in terms]
    ideas: dict[str, str] = {}
    for place, names in enumerate([*EVERYDAY, *groups]):
        for name in names:
            plain = re.sub(r"[\s_-]+", " ", name.casefold())
            if len(plain) >= SHORTEST:
                ideas.setdefault(plain, f"idea{place}")
    return ideas


def _names(others: Mapping[str, str]) -> list[str]:
    return [name for said in others.values() for name in said.split(", ")]


@cache
def _idea_pattern() -> re.Pattern[str]:
    longest_first = sorted(_ideas(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
