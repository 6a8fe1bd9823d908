"""Lesson 7: is it a word2vec, is it a CBOW? Models as rows of bricks, with the same Embedding in each."""

from dataclasses import replace
from html import escape

import streamlit as st

from lessons.models_bricks import MODELS, brick_row, changed, first_loss, head_numbers, misfit
from lessons.models_code import model_snippets
from lessons.models_picture import Built, draw_matrices, one_hot_difference, start_difference, summary
from lessons.models_quiz import QUESTIONS
from lessons.reviews import WORDS, Model, trained
from lessons.ui import knobs
from lessons.ui.knobs import Knobs
from lessons.ui.lesson import Lesson, Prediction, Task
from lessons.ui.numbers import plain

OWN = "Your own"
MODEL_HINT = "What is trained around the table. Your own: choose the bricks one by one."
LOSS_HINT = "Softmax scores all outputs. Negatives: yes or no for the true word and for five drawn ones."
SAYS = {"word": "word", "label": "Good or bad"}

KNOBS = Knobs(
    "models",
    replace(
        knobs.segments("preset", "Model", (*MODELS, OWN), MODEL_HINT),
        default="CBOW",
    ),
    knobs.segments("reads", "Pool", ("mean", "one", "side by side"), "How the rows become what the head reads."),
    knobs.segments("says", "To say", tuple(SAYS), "A word of the review, or its label good or bad."),
    knobs.segments("loss", "Head and loss", ("softmax", "negatives"), LOSS_HINT),
    knobs.chooser("against", "Compared with", tuple(MODELS), "Bricks are marked same or changed against this model."),
    knobs.stops("columns", "Dimensions D", 2, (2, 4, 8), "How long a row is. With 2, the picture is the table itself."),
    knobs.stops("steps", "Steps", 300, (0, 10, 30, 100, 300), "How long it trains: Adam, learning rate 0.05."),
    knobs.field("seed", "Seed", 0, 0, 999, "Other random start values, the same for every model."),
    knobs.toggle("tables", "Two tables", False, "Draws U, the head's matrix or second table, beside the rows of E."),
)


def _controls() -> Built:
    name = KNOBS.draw("preset")
    model = _own() if name == OWN else MODELS[name]
    for knob in ("against", "tables", "columns", "steps", "seed"):
        KNOBS.draw(knob)
    return Built(
        name, model, KNOBS["against"], int(KNOBS["columns"]), int(KNOBS["steps"]), KNOBS["seed"], KNOBS["tables"]
    )  # fmt: skip


def _own() -> Model:
    """The parts one by one; the loss is closed where negatives do not fit, with the reason."""
    reads, says = KNOBS.draw("reads"), SAYS[KNOBS.draw("says")]
    reason = misfit(reads, says)
    loss = KNOBS.draw("loss", disabled=bool(reason))
    if reason:
        st.caption(reason)
    return Model(reads, says, "softmax" if reason else loss)


def _before() -> None:
    st.html(brick_row(MODELS["Classifier"], 2, "The classifier of lesson 6, brick by brick"))


def _because(built: Built) -> str:
    size = f"{len(WORDS)} × {built.columns}"
    return (
        f"The Embedding stays as it is, {size}. CBOW's label is the missing word: so the examples leave it out, the "
        f"head has {len(WORDS)} outputs, and the loss compares them."
    )


def _experiment(built: Built) -> None:
    against = None if built.name == built.against else (built.against, MODELS[built.against])
    st.html(brick_row(built.model, built.columns, built.name, against))
    left, right = st.columns((2.6, 1), gap="medium")
    with left:
        draw_matrices(built)
    right.html(summary(built))
    st.caption(
        "Pool: makes one vector of the rows that were read. Head: turns it into a score for each answer; U is its "
        "matrix, or the second table. Softmax: turns scores into chances that add up to 1. Sigmoid: the chance of one "
        "yes."
    )


def _answers(built: Built) -> None:
    """The opening question, answered from what stands above."""
    cbow, classifier = MODELS["CBOW"], MODELS["Classifier"]
    start = start_difference(built.recipe_of(cbow), built.recipe_of(classifier))
    swapped = sum(changed(cbow, classifier, built.columns))
    size = f"{len(WORDS)} × {built.columns}"
    second = head_numbers(MODELS["Negative sampling"], built.columns)
    exact = one_hot_difference(built.recipe)
    st.header("So what is an Embedding layer?", anchor=False)
    st.html(
        '<div class="answers">'
        + _answer(
            "A word2vec?",
            "No: a part of one.",
            f"word2vec trains two tables, here {size} each. The layer is one; the other {second} numbers, the drawn "
            "words and the loss stand behind it.",
        )
        + _answer(
            "A CBOW?",
            "No: CBOW contains one.",
            f"From classifier to CBOW {swapped} of 5 bricks change, and the Embedding is not among them. Both tables "
            f"start with the same numbers: largest difference {plain(start)}.",
        )
        + _answer(
            "A special Dense layer?",
            "In its result, yes.",
            f"One-hot rows times this trained table give the same rows: largest difference {plain(exact)}. But it has "
            "no bias and no activation, and reads rows instead of multiplying.",
        )
        + "</div>"
    )
    st.caption(
        "word2vec, the program, does more: it drops some frequent words, works one example at a time, skips a drawn "
        "word that equals the true one, reads its sigmoid from a table with a cut-off, and in CBOW gives every context "
        "row the undivided error. None of this is in the layer."
    )


def _answer(question: str, answer: str, evidence: str) -> str:
    return f"<section><h3>{escape(question)}</h3><p><b>{escape(answer)}</b> {escape(evidence)}</p></section>"


def _broken(built: Built) -> str:
    if (built.model.reads, built.model.says) != ("mean", "word"):
        return ""
    history = trained(built.recipe).history
    start = history.losses[0] if built.steps else history.next_loss
    if abs(start - first_loss(MODELS["CBOW"])[1]) < 0.1:
        return ""
    how, _ = first_loss(built.model)
    return (
        f"six yes-or-no answers start at {how} = {plain(start, 3)}. The first loss belongs to the head: the "
        "table is the same. This is CBOW with negative sampling, one of word2vec's models."
    )


LESSON = Lesson(
    number=7,
    slug="models",
    title="Is it a word2vec? Is it a CBOW?",
    question="Build the models from bricks, with the same Embedding in each, and see which bricks change.",
    icon=":material/view_column:",
    minutes=9,
    prediction=Prediction(
        "Which part must change to turn the good-or-bad classifier into CBOW?",
        ("The Embedding layer", "The optimizer", "The last layer and the labels", "Everything"),
        answer=2,
        because=_because,
    ),
    words=("Word2vec", "CBOW", "Skip-gram", "Negative sampling", "Softmax", "Logits"),
    knobs=KNOBS,
    controls=_controls,
    sealed=_before,
    experiment=_experiment,
    below=_answers,
    finding="Embedding is a part. CBOW, skip-gram and word2vec are machines that contain it.",
    questions=QUESTIONS,
    snippets=model_snippets,
    task=Task(
        "Read as CBOW does, the mean of the other words, and still ask for the missing word. But make the first loss "
        "something else than ln 20.",
        check=_broken,
    ),
)
