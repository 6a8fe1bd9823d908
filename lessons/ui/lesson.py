"""The one shape of a lesson: question, locked prediction, experiment, finding, three questions, code, a task."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

import streamlit as st

from lessons.ui.desk import desk
from lessons.ui.knobs import Knobs
from lessons.ui.predict import Prediction, computed, said, verdict
from lessons.ui.progress import Progress, mark
from lessons.ui.prose import callout, callout_html, figures, kicker, kicker_html
from lessons.ui.quiz import Option, Question, quiz, tried, what_was_set

__all__ = [
    "Lesson", "Option", "Prediction", "Question", "Task", "callout", "figures", "kicker",
]  # fmt: skip

LESSONS = 10
# What the shared shape keeps under "<slug>_<name>", beside the knobs, or begins such a name with.
OWN_KEYS = frozenset(
    ("below", "code", "desk", "experiment", "good_ids", "library", "lock", "locked", "prediction",
     "questions", "reset", "result", "reveal", "skip", "task", "tried")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """Something to bring about. `check(settings)` is "" until it is so, then one sentence: what was just shown."""

    text: str
    check: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson of the course, drawn by `render`.

    number: its place in the course of ten. slug: its address, and the page name of its knobs. question: what the
    learner asks. controls draws the widgets and returns the settings, any hashable value, which the other functions
    take; it is called once the prediction is open. sealed draws what may be seen before. below goes under the
    desk; below_knobs are the settings whose widgets it draws. words are entries of the glossary, by name. finding,
    because and feedback are plain text. What depends on the settings only is computed once for each of them.

    Raises:
        ValueError: a knob has a name that the lesson itself uses.
    """

    number: int
    slug: str
    title: str
    question: str
    icon: str
    minutes: int
    prediction: Prediction
    knobs: Knobs
    controls: Callable[[], Any]
    sealed: Callable[[], None]
    experiment: Callable[[Any], None]
    finding: str | Callable[[Any], str]
    questions: Sequence[Question]
    snippets: Callable[[Any], Mapping[str, str]]
    task: Task
    below: Callable[[Any], None] | None = None
    below_knobs: Collection[str] = ()
    words: Sequence[str] = ()

    def __post_init__(self) -> None:
        taken = sorted(name for name in self.knobs.knobs if name in OWN_KEYS or name.startswith("quiz_"))
        if taken:
            own = ", ".join(sorted(OWN_KEYS))
            raise ValueError(
                f"a knob must not be named quiz_… or one of {own}, got {', '.join(taken)} in {self.slug!r}"
            )

    def render(self) -> None:
        """The page."""
        self.knobs.enter()
        _head(self)
        is_open, settings = desk(self.slug, self.prediction, self._controls, self._sealed, self._result)
        if is_open:
            _after(self, settings)
        if self.knobs.share() and is_open:
            st.button(
                "Reset the settings", type="tertiary", icon=":material/restart_alt:", key=f"{self.slug}_reset",
                on_click=self.knobs.reset, help="Gives every setting of this lesson its first value.",
            )  # fmt: skip

    def _controls(self) -> Any:
        settings = self.controls()
        if _done(self, settings):
            st.caption(":material/check: Break it: done, see below.")
        return settings

    def _sealed(self) -> None:
        self.sealed()
        st.html('<div class="sealed">The result opens when you lock in a prediction.</div>')

    def _result(self, settings: Any) -> None:
        _say_what_was_set(self, below=False)
        verdict(self.slug, self.prediction, settings)
        self.experiment(settings)


def _head(lesson: Lesson) -> None:
    """Title, question, and the words that one may want to look up: a tab of its own, so that the lesson stays open."""
    above = kicker_html(f"Lesson {lesson.number} of {LESSONS} · {lesson.minutes} min")
    links = " · ".join(f"[{word}](glossary?term={quote(word)})" for word in lesson.words)
    below = f"  \n:small[Words in this lesson: {links}]" if links else ""
    head = f"{above}<h1>{escape(lesson.title)}</h1>\n\n{lesson.question}{below}"
    st.markdown(head, unsafe_allow_html=True)  # one element: each costs every rerun a quarter of a millisecond


def _after(lesson: Lesson, settings: Any) -> None:
    """What stands under the experiment, over the whole width."""
    if lesson.below is not None:
        with st.container(key=f"{lesson.slug}_below"):
            _say_what_was_set(lesson, below=True)
            lesson.below(settings)
    finding = lesson.finding if isinstance(lesson.finding, str) else computed(lesson.finding, settings)
    st.html(f"{callout_html(f'<b>Finding.</b> {escape(finding)}')}<h2>Three questions</h2>")
    right = quiz(lesson.knobs, lesson.questions)
    _code(lesson.slug, computed(lesson.snippets, settings))
    _task(lesson)
    mark(lesson.slug, Progress(said(lesson.slug) is not None, right, bool(_done(lesson, settings))))


def _say_what_was_set(lesson: Lesson, *, below: bool) -> None:
    """Beside what it changed: the experiment, or what stands below it."""
    names = tried(lesson.knobs)
    if names and below == any(name in lesson.below_knobs for name in names):
        what_was_set(lesson.knobs)


def _code(slug: str, snippets: Mapping[str, str]) -> None:
    """The same in numpy, PyTorch and Keras, with the values on the screen filled in."""
    st.html("<h2>The same in code</h2>")
    chosen = st.segmented_control(
        "Library", list(snippets), default=next(iter(snippets)), required=True, key=f"{slug}_library",
        persist_state="session", label_visibility="collapsed", help="The values on the screen are filled in.",
    )  # fmt: skip
    st.code(snippets[chosen], language="python")


def _task(lesson: Lesson) -> None:
    done = st.session_state[f"{lesson.slug}_task"]
    shown = callout_html(f"<b>Done:</b> {escape(done)}") if done else ""
    st.html(f"<h2>Break it</h2><p>{escape(lesson.task.text, quote=False)}</p>{shown}")


def _done(lesson: Lesson, settings: Any) -> str:
    """What the task has shown, once it was done during this visit; else nothing."""
    key = f"{lesson.slug}_task"
    if not st.session_state.get(key):
        st.session_state[key] = computed(lesson.task.check, settings)
    return str(st.session_state[key])
