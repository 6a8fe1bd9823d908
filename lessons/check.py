"""Before and after: one question of each of the first seven lessons, twice; the change is the learner's own.

The questions are the lessons' own (`questions[0]`). Answers are kept in the visitor's browser only.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from lessons.course import COURSE, link_to, page_of
from lessons.ui import progress
from lessons.ui.knobs import Knobs
from lessons.ui.lesson import Lesson, Option, Question, callout, figures, kicker
from lessons.ui.numbers import signed
from lessons.ui.predict import is_new, show_result

ASKED_UP_TO = 7  # lessons 8 to 10 go further than the opening question
BEFORE, AFTER = "before", "after"
PAGES = (BEFORE, *(lesson.slug for lesson in COURSE), AFTER, "labs")  # where a learner predicts or answers
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven")
MARKS = {True: "✓ right", False: "✗ wrong", None: "– left out"}
KEPT_HERE = "Your answers are kept in this browser only, and compared with nobody's."
BLOCKED = "This browser keeps nothing for us, so your answers last only as long as this visit."


class Item(NamedTuple):
    """A question of the test: the lesson it comes from."""

    lesson: Lesson

    @property
    def question(self) -> Question:
        """The first question of the lesson."""
        return self.lesson.questions[0]

    @property
    def answer(self) -> Option:
        """The right option."""
        return self.question.options[self.question.answer]

    def chosen(self, answers: Mapping[str, str]) -> Option | None:
        """The option that was chosen; None if it was left out, or the lesson no longer offers it."""
        text = answers.get(self.lesson.slug)
        return next((option for option in self.question.options if option.text == text), None)

    def is_right(self, answers: Mapping[str, str]) -> bool | None:
        """Whether the answer is right; None if there is none."""
        option = self.chosen(answers)
        return None if option is None else option == self.answer


def items() -> tuple[Item, ...]:
    """The questions, in the order of the lessons."""
    return tuple(Item(lesson) for lesson in COURSE if lesson.number <= ASKED_UP_TO)


def how_many() -> str:
    """The number of questions, as a word."""
    return NUMBERS[len(items())]


def score(answers: Mapping[str, str]) -> int:
    """How many answers are right."""
    return sum(bool(item.is_right(answers)) for item in items())


def answers_to(test: str) -> Mapping[str, str] | None:
    """What the visitor handed in; None before that."""
    handed_in = progress.kept().tests.get(test)
    return handed_in.chosen if handed_in else None


def before_page() -> StreamlitPage:
    """The page of the questions before the lessons."""
    return st.Page(render_before, title="Before you begin", icon=":material/start:", url_path=BEFORE)


def after_page() -> StreamlitPage:
    """The page of the same questions after them."""
    return st.Page(render_after, title="What has changed", icon=":material/flag:", url_path=AFTER)


def render_before() -> None:
    """Before the lessons: no answer is marked right or wrong."""
    Knobs(BEFORE).enter()
    kicker("Before lesson 1 · 3 min")
    st.title("Before you begin", anchor=False)
    if answers_to(BEFORE) is not None:
        callout(f"<b>Handed in.</b> The same {how_many()} questions come again at the end: then you see what changed.")
        st.page_link(page_of(COURSE[0]), label="Start with lesson 1", icon=":material/arrow_forward:")
        _where_it_is_kept()
        return
    st.markdown(
        f"{how_many().capitalize()} questions that the course will answer. Nothing is marked now; leave out what you "
        "do not know. The same questions come again at the end."
    )
    st.page_link(page_of(COURSE[0]), label="Skip them, start with lesson 1", icon=":material/skip_next:")
    _form(BEFORE)
    _where_it_is_kept()


def render_after() -> None:
    """After the lessons: the same questions, then both scores and what each answer deserves."""
    Knobs(AFTER).enter()
    kicker("After lesson 7 · 3 min, and again whenever you like")
    st.title("What has changed", anchor=False)
    answers = answers_to(AFTER)
    if answers is None or st.session_state.get("after_again"):
        st.markdown(f"The {how_many()} questions from the beginning. Leave out what you do not know.")
        _form(AFTER)
    else:
        with st.container(key=f"{AFTER}_below"):
            _results(answers_to(BEFORE), answers)
            show_result(AFTER)
        st.button(
            "Answer again", on_click=_again, help="Opens the questions again; your first answers stay as they are."
        )
    _where_it_is_kept()


def _form(test: str) -> None:
    with st.form(test):
        for place, item in enumerate(items(), 1):
            st.radio(
                f"{place} · {item.question.text}", [option.text for option in item.question.options], index=None,
                key=_key(test, item), help="Choose one, or leave it out if you do not know.",
            )  # fmt: skip
        st.form_submit_button(
            "Hand in", type="primary", on_click=_hand_in, args=(test,),
            help="Your answers are kept in this browser.",
        )  # fmt: skip


def _hand_in(test: str) -> None:
    chosen = {item.lesson.slug: st.session_state.get(_key(test, item)) for item in items()}
    progress.hand_in(test, {slug: text for slug, text in chosen.items() if text is not None})
    st.session_state["after_again"] = False
    is_new(test)


def _again() -> None:
    st.session_state["after_again"] = True


def _key(test: str, item: Item) -> str:
    return f"{test}_{item.lesson.slug}"


def _results(before: Mapping[str, str] | None, after: Mapping[str, str]) -> None:
    """Both scores, their difference, and the questions one by one."""
    of = f"of {len(items())} right"
    entries = [("Before", str(score(before)), of)] if before is not None else []
    entries.append(("Now", str(score(after)), of))
    if before is not None:
        entries.append(("Change", signed(score(after) - score(before)), "your own, compared with nobody's"))
    st.html(figures(*entries))
    if before is None:
        st.caption("You skipped the questions before lesson 1, so there is no change to show.")
    for place, item in enumerate(items(), 1):
        _result(place, item, before, after)


def _result(place: int, item: Item, before: Mapping[str, str] | None, after: Mapping[str, str]) -> None:
    """One question: what was said each time, and where it went wrong, why and where to look."""
    said = [("Before", before)] if before is not None else []
    with st.container(border=True, gap="xsmall"):
        st.html(_lines(place, item, [*said, ("Now", after)]))
        if item.is_right(after):
            return
        option = item.chosen(after)
        if option:
            callout(escape(option.feedback), not_so=True)
        callout(f"<b>The answer:</b> {escape(item.answer.text)}. {escape(item.answer.feedback)}")
        link_to(item.lesson, option.try_it if option else {}, f"See it in lesson {item.lesson.number}")


def _lines(place: int, item: Item, said: Sequence[tuple[str, Mapping[str, str]]]) -> str:
    rows = ""
    for when, answers in said:
        option, mark = item.chosen(answers), MARKS[item.is_right(answers)]
        rows += f"<div><dt>{when}</dt><dd><b>{mark}</b> {escape(option.text) if option else ''}</dd></div>"
    return f'<p class="asked"><b>{place}.</b> {escape(item.question.text)}</p><dl class="said">{rows}</dl>'


def _where_it_is_kept() -> None:
    st.caption(BLOCKED if progress.is_blocked() else KEPT_HERE)
