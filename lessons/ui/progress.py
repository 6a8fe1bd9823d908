"""What a visitor has done, kept in the visitor's own browser: no account, nothing on the server.

The browser holds one text under one key (assets/progress.js). It sends a text that it has not sent yet, and writes what
comes back from here. All merging happens here, so two tabs cannot lose each other's marks: a tab that finds
a text it does not know sends that first.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from uuid import uuid4

import streamlit as st

from lessons.ui import companion

VERSION = 1
LONGEST = 20_000  # characters; ten lessons and both tests take about 2,000
BLOCKED = "blocked"  # what the browser sends if its storage is closed to us


class Progress(NamedTuple):
    """How far the visitor has come in a lesson: prediction locked in, questions answered right, task done."""

    prediction: bool = False
    quiz: int = 0
    task: bool = False


class Answers(NamedTuple):
    """A test that was handed in: which time it was, and {lesson: the option chosen}; left out is not there."""

    attempt: int
    chosen: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is kept. `era` goes up when the learner forgets: what belongs to an earlier era is gone."""

    era: int = 0
    lessons: Mapping[str, Progress] = field(default_factory=dict)
    tests: Mapping[str, Answers] = field(default_factory=dict)


def merged(one: Kept, other: Kept) -> Kept:
    """Both records in one: of each mark the better, of each test the later; of two eras the later alone."""
    if one.era != other.era:
        return max(one, other, key=lambda kept: kept.era)
    lessons = {
        slug: _better(one.lessons.get(slug), other.lessons.get(slug)) for slug in {**one.lessons, **other.lessons}
    }
    tests = {name: _later(one.tests.get(name), other.tests.get(name)) for name in {**one.tests, **other.tests}}
    return Kept(one.era, lessons, tests)


def _better(one: Progress | None, other: Progress | None) -> Progress:
    one, other = one or Progress(), other or Progress()
    return Progress(one.prediction or other.prediction, max(one.quiz, other.quiz), one.task or other.task)


def _later(one: Answers | None, other: Answers | None) -> Answers:
    return max((each for each in (one, other) if each), key=lambda answers: answers.attempt)


def written(kept: Kept) -> str:
    """The text of a record; "" if there is nothing to keep, so that nothing is stored."""
    if kept == Kept():
        return ""
    lessons = {slug: list(map(int, progress)) for slug, progress in kept.lessons.items()}
    tests = {name: [answers.attempt, dict(answers.chosen)] for name, answers in kept.tests.items()}
    return json.dumps({"version": VERSION, "era": kept.era, "lessons": lessons, "tests": tests}, sort_keys=True)


def read(text: str) -> Kept:
    """The record of a text; an empty one if it is not ours, for anyone may write into a browser's storage."""
    if len(text) > LONGEST:
        return Kept()
    try:
        found = json.loads(text)
        if found["version"] != VERSION:
            return Kept()
        return Kept(
            max(0, int(found["era"])),
            {str(slug): _progress(*marks) for slug, marks in found["lessons"].items()},
            {str(name): _answers(*each) for name, each in found["tests"].items()},
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return Kept()


def _progress(prediction: int, quiz: int, task: int) -> Progress:
    return Progress(bool(prediction), min(3, max(0, int(quiz))), bool(task))


def _answers(attempt: int, chosen: Mapping[str, Any]) -> Answers:
    return Answers(int(attempt), {str(slug): str(text) for slug, text in chosen.items()})


def kept() -> Kept:
    """What is known of this visitor now."""
    known: Kept = st.session_state.setdefault("kept", Kept())
    return known


def is_blocked() -> bool:
    """Whether the browser keeps nothing for us: progress then lasts as long as the visit."""
    return _heard().endswith(f" {BLOCKED}")


def add(more: Kept) -> None:
    """Take over more marks, or a later era."""
    st.session_state["kept"] = merged(kept(), more)


def mark(lesson: str, now: Progress) -> None:
    """Keep how far the visitor has come in the lesson of that address. A mark once earned stays."""
    before = kept().lessons.get(lesson, Progress())
    if _better(before, now) != before:
        add(Kept(kept().era, {lesson: now}))


def hand_in(test: str, chosen: Mapping[str, str]) -> None:
    """Keep the answers to a test."""
    attempt = kept().tests[test].attempt + 1 if test in kept().tests else 1
    add(replace(kept(), tests={test: Answers(attempt, chosen)}))


def forget(pages: Sequence[str]) -> None:
    """Begin a new era with nothing in it, here, in the browser's storage and in its other tabs."""
    st.session_state["kept"] = Kept(kept().era + 1)
    _clear(pages)


def listen(pages: Sequence[str]) -> None:
    """Take over what the browser has sent. Call it before anything shows progress.

    pages: the page names of what a learner can do; what was done there goes if another tab has begun a new era.
    """
    message = companion.sent()
    if message in ("", _heard()):  # "": Streamlit forgets it if a page is left while it is drawn
        return
    before = kept()
    now = merged(before, read(message.partition(" ")[2]))  # the session it was sent to stands first
    if now.era > before.era and before.lessons:
        _clear(pages)
    st.session_state["kept"] = now
    st.session_state["heard"] = message  # last: a run that is interrupted before does all of it again


def told() -> dict[str, str]:
    """What the browser has to be told so that it stores all that is known."""
    visit = st.session_state.setdefault("visit", uuid4().hex)  # a lost session is told from one that goes on
    return {"kept": written(kept()), "heard": _heard(), "visit": visit}


def _heard() -> str:
    """The last message of the browser."""
    return str(st.session_state.get("heard", ""))


def _clear(pages: Sequence[str]) -> None:
    """Drop predictions, answers and settings of these pages."""
    for key in map(str, list(st.session_state)):
        if key.startswith(tuple(f"{page}_" for page in pages)):
            del st.session_state[key]
