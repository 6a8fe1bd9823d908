"""Lesson 6: the task shapes the space. One table, several tasks, and what the rows hold after each."""

from dataclasses import replace

import streamlit as st

from core.corpora import toy_reviews
from lessons.countries import STEPS as COUNTRY_STEPS
from lessons.countries import TARGETS, countries
from lessons.reviews import Recipe, history_of
from lessons.task_code import country_snippets, review_snippets
from lessons.task_compare import draw_comparison
from lessons.task_countries import CountrySettings, draw_countries, draw_targets, neighbours_found
from lessons.task_quiz import QUESTIONS
from lessons.task_reviews import (
    STEPS,
    TASKS,
    ReviewSettings,
    draw_reviews,
    nearest_words,
    own_question,
    separation,
    two,
)
from lessons.task_seeds import SEEDS
from lessons.ui import knobs
from lessons.ui.knobs import Knob, Knobs
from lessons.ui.lesson import Lesson, Prediction, Task
from lessons.ui.numbers import plain
from lessons.ui.quiz import TRIES, tried
from lessons.ui.record import record

SPREAD_HINT = "How far from 0 the random start values lie: their standard deviation."
REVIEWS, COUNTRIES = "Toy reviews", "142 countries"
TASK_HINT = "What the rows are trained for. Both labels: one of four kinds. CBOW: the missing word, no labels."
COUNTRY_HINT = "The numbers and the table are about its neighbours. In the player you can choose any other word."
ASKABLE = ("China", *(name for name in countries().names if name != "China"))
FOUND = {  # from small start values, whatever the seed
    "Good or bad": "tasty and gripping become neighbours: the loss cannot tell them apart.",
    "Food or film": "tasty and stale become neighbours: the loss cannot tell them apart.",
    "Both labels": "the words nearest to tasty are the other good words for food: the loss needs both answers.",
    "CBOW": "the words nearest to tasty are the other good words for food, although nobody gave a label: they stand "
    "beside the same words.",
}


def _country(text: str) -> str:
    if text not in ASKABLE:
        raise ValueError(f"must be the name of one of the {len(ASKABLE)} countries")
    return text


KNOBS = Knobs(
    "task",
    knobs.segments("data", "Data", (REVIEWS, COUNTRIES), "Reviews written by a program, or real countries."),
    knobs.chooser("label", "Trained on", TASKS, TASK_HINT),
    knobs.segments("columns", "Dimensions D", ("2", "8"), "With 2, the picture is the table itself."),
    knobs.stops("scale", "Spread of the start", 0.1, (0.01, 0.1, 0.3, 1, 2), SPREAD_HINT),
    knobs.field("seed", "Seed", 0, 0, 999, "Other random start values."),
    knobs.toggle("fillers", "Draw the fillers", False, "The words the, was, and, really."),
    knobs.chooser("target", "Trained on", tuple(TARGETS), "What is predicted from the rows of a country and a year."),
    replace(knobs.chooser("country", "Country", ASKABLE, COUNTRY_HINT), parse=_country),
    knobs.toggle("more", "More seeds", False, f"The same from {SEEDS} random starts: this seed and those after it."),
    knobs.STEP,
    Knob("word", "tasty", str),
)

Settings = ReviewSettings | CountrySettings


def _controls() -> Settings:
    KNOBS.draw("data")
    countries = KNOBS["data"] == COUNTRIES
    for name in ("target", "country") if countries else ("label", "columns", "scale"):
        KNOBS.draw(name)
    KNOBS.draw("seed")
    if not countries:
        KNOBS.draw("fillers")
    seed, more, step = KNOBS["seed"], KNOBS["more"], KNOBS["step"]
    if countries:
        return CountrySettings(KNOBS["target"], KNOBS["country"], seed, more, step)
    label, columns, scale, fillers = KNOBS["label"], int(KNOBS["columns"]), KNOBS["scale"], KNOBS["fillers"]
    return ReviewSettings(label, columns, scale, seed, fillers, more, step, KNOBS["word"])


def _because(_: Settings) -> str:
    far = dict(nearest_words(Recipe("Good or bad", 2, STEPS), "tasty", 15))
    near = ", ".join(f"{plain(far[word], 2)} from {word}" for word in ("fresh", "gripping", "stale"))
    return f"Trained on good or bad, D = 2, seed 0: tasty is {near}."


def _before() -> None:
    corpus = toy_reviews()
    moods, topics = corpus.labels["Good or bad"], corpus.labels["Food or film"]
    kinds = {
        (mood, topic): text
        for text, mood, topic in zip(corpus.documents, moods, topics, strict=True)
        if sum(corpus.groups[word] == f"{mood} {topic}" for word in text.split()) == 3  # one in ten holds another word
    }
    rows = [[text, mood, topic] for (mood, topic), text in sorted(kinds.items(), reverse=True)]
    st.html(record("Four of the 400 reviews, each with two labels", ["review", "good or bad", "food or film"], rows))


def _experiment(settings: Settings) -> None:
    if isinstance(settings, ReviewSettings):
        draw_reviews(settings, **_beginning(settings.step, STEPS))
    else:
        draw_countries(settings, **_beginning(settings.step, COUNTRY_STEPS))


def _beginning(step: int | None, last: int) -> dict[str, int]:
    """Where the player stands: at the step of a link, else at the end, after it has played by itself once.

    A "Try it" shows the end of its run at once. The count of them moves the player there from wherever it is: it
    listens to a step that is new, and takes one beyond the last for the last.
    """
    if step is not None:
        return {"step": step, "play_token": 0}
    return {"step": last + st.session_state.get(TRIES, 0), "play_token": int(not tried(KNOBS))}


def _below(settings: Settings) -> None:
    if isinstance(settings, ReviewSettings):
        st.header("The same words under every task", anchor=False)
        KNOBS.draw("more")
        draw_comparison(settings)
    else:
        st.header("The same country under every target", anchor=False)
        KNOBS.draw("more")
        draw_targets(settings)


def _finding(settings: Settings) -> str:
    if isinstance(settings, CountrySettings):
        return neighbours_found(settings)
    label = settings.task if settings.task == "CBOW" else settings.task.lower()
    return (
        f"Trained on {label} from small start values, {FOUND[settings.task]} "
        "A row learns what the task needs, nothing more."
    )


def _snippets(settings: Settings) -> dict[str, str]:
    if isinstance(settings, ReviewSettings):
        return review_snippets(settings.recipe)
    return country_snippets(settings.target)


def _broken(settings: Settings) -> str:
    if not isinstance(settings, ReviewSettings) or settings.task == "CBOW":
        return ""
    loss, score = history_of(settings.recipe).next_loss, _own_score(settings)
    if loss > 0.05 or score > 0.6:
        return ""
    return (
        f"the loss is {plain(loss)}, yet the silhouette is only {two(score)}. The task was learned from rows that "
        "stayed near their random start: a small loss does not promise a tidy space."
    )


def _own_score(settings: ReviewSettings) -> float:
    return separation(settings.recipe, STEPS, own_question(settings.task), 0).score


LESSON = Lesson(
    number=6,
    slug="task",
    title="The task shapes the space",
    question="Does the vector hold the meaning of the word? Train the same table for different tasks and look.",
    icon=":material/target:",
    minutes=9,
    prediction=Prediction(
        "400 reviews are labelled good or bad. After training on that label, which words are near tasty?",
        ("fresh only", "stale", "fresh and gripping", "any words"),
        answer=2,
        because=_because,
    ),
    words=("Head", "Loss", "Space", "Silhouette"),
    knobs=KNOBS,
    controls=_controls,
    sealed=_before,
    experiment=_experiment,
    below=_below,
    below_knobs=("more",),
    finding=_finding,
    questions=QUESTIONS,
    snippets=_snippets,
    task=Task(
        "With the toy reviews, bring the loss of a task with labels below 0.05 while its groups stay mixed: silhouette "
        "below 0.60.",
        check=_broken,
    ),
)
