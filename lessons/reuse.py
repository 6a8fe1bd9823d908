"""Lesson 10: pretrained rows, frozen or fine-tuned; words that no label mentions; a table tied to the output."""

import streamlit as st

from lessons.reuse_code import snippets
from lessons.reuse_runs import MODES, MOST_STEPS, RUNS, Settings, five_runs, mean_unseen
from lessons.reuse_scenes import arrows, large_numbers, remarks, split_words, table_of_runs
from lessons.reuse_tying import TYING_KNOBS, draw_tying
from lessons.ui import knobs
from lessons.ui.knobs import Knobs
from lessons.ui.lesson import Lesson, Option, Prediction, Question, Task

LEFT_BEHIND = 0.05  # of accuracy on unseen words

KNOBS = Knobs(
    "reuse",
    knobs.segments("mode", "The table", MODES, "Scratch: random rows. Frozen and fine-tuned: the rows CBOW trained."),
    knobs.slider("labelled", "Labelled reviews", 24, 4, 100, "They use two words of each kind, never the other two."),
    knobs.segments("columns", "Columns D", ("8", "2"), "Numbers for each word. With 2, nothing is projected."),
    knobs.slider("steps", "Steps on the labels", MOST_STEPS, 0, MOST_STEPS, "How long head and table train."),
    knobs.segments("optimizer", "Optimizer", ("SGD", "Adam"), "SGD at rate 1, or Adam at rate 0.05."),
    knobs.segments("run", "Run drawn", tuple(map(str, range(RUNS))), "Each run draws its own reviews and start."),
    *TYING_KNOBS,
)

QUESTIONS = (
    Question(
        "Freezing pretrained rows helps most when",
        (
            Option(
                "Labels are many",
                "Then the rows can be trained too, and freezing gains less: compare the modes in the table.",
                asks="Should I freeze pretrained embeddings when I have a lot of labelled data?",
                try_it={"mode": "Fine-tuned", "labelled": 100, "optimizer": "Adam", "columns": "8"},
            ),
            Option(
                "They are inputs, so always",
                "Given vectors look like inputs, but rows are weights. Frozen ones that suit the task badly stay so.",
                asks="Are pretrained word vectors inputs or weights, and must they stay fixed?",
                try_it={"mode": "Frozen", "columns": "2"},
            ),
            Option(
                "Labels are few",
                "Few labels say little about rows, and moving the seen ones leaves the unseen behind: see 8, Adam.",
                asks="When should I freeze an Embedding layer?",
                try_it={"mode": "Fine-tuned", "labelled": 8, "columns": "8", "optimizer": "Adam"},
            ),
            Option(
                "Rows are in the file's order",
                "The order must match your ids in any case, or each word gets another word's row. Frozen or not.",
                asks="Does the order of rows in a file of pretrained vectors matter?",
            ),
        ),
        answer=2,
    ),
    Question(
        "In PyTorch, nn.Embedding.from_pretrained(E) is",
        (
            Option(
                "Frozen by default",
                "freeze=True is the default in PyTorch 2.13. Pass freeze=False to fine-tune.",
                asks="Is from_pretrained frozen by default in PyTorch?",
                try_it={"mode": "Frozen"},
            ),
            Option(
                "Trainable by default",
                "nn.Embedding(V, D) is, so one expects it. from_pretrained freezes: its rows move by 0.",
                asks="Why do my from_pretrained embeddings not train?",
                try_it={"mode": "Frozen"},
            ),
            Option(
                "Normalised to length 1",
                "Cosine similarity makes one think of it. The rows are taken as they are.",
                asks="Does from_pretrained normalise the vectors?",
            ),
            Option(
                "Copied to the output layer",
                "That is tying, another line: out.weight = emb.weight. The panel above shows it.",
                asks="Are embedding weights shared with the output layer automatically?",
                try_it={"output": "Separate"},
            ),
        ),
        answer=0,
    ),
    Question(
        "With tied weights and a softmax over all words, which rows get a gradient?",
        (
            Option(
                "Only those in the batch",
                "So it is for reading alone. The same table also scores every word, and each score has a gradient.",
                asks="Do tied embeddings get gradients only for the words in the batch?",
                try_it={"output": "Separate"},
            ),
            Option(
                "Only rare ones",
                "Rare words do get more gradients than by reading alone, from the scores. But no row is left out.",
                asks="Does weight tying help rare words?",
                try_it={"output": "Tied", "word": 5},
            ),
            Option(
                "None",
                "Sharing sounds like freezing, but it is not. Both uses add their gradients to the one table.",
                asks="Can a tied weight matrix still be trained?",
                try_it={"output": "Tied", "word": 2},
            ),
            Option(
                "All of them",
                "Every word has a score, so every row takes part in the softmax: 6 of 6 in the panel above.",
                asks="Which rows are updated when input and output embeddings are tied?",
                try_it={"output": "Tied", "word": 3},
            ),
        ),
        answer=3,
    ),
)


def _controls() -> Settings:
    for name in ("mode", "labelled", "columns", "steps", "optimizer", "run"):
        KNOBS.draw(name)
    return Settings(
        mode=KNOBS["mode"],
        labelled=KNOBS["labelled"],
        columns=int(KNOBS["columns"]),
        steps=KNOBS["steps"],
        optimizer=KNOBS["optimizer"],
        run=int(KNOBS["run"]),
    )


def _because(settings: Settings) -> str:
    reached = f"{mean_unseen(settings, 'Scratch'):.2f}"
    asked = f"{settings.labelled} reviews, D = {settings.columns}, {settings.steps} steps of {settings.optimizer}"
    return (
        f"No label mentions those words, so their rows keep their random start: {reached} are right, the mean of "
        f"{RUNS} runs ({asked}). A coin gets 0.50."
    )


def _sealed() -> None:
    st.html(split_words())


def _experiment(settings: Settings) -> None:
    st.html(large_numbers(settings) + table_of_runs(settings) + remarks(settings))
    arrows(settings)


def _below(settings: Settings) -> None:
    draw_tying(KNOBS)


def _left_behind(settings: Settings) -> str:
    frozen, tuned = mean_unseen(settings, "Frozen"), mean_unseen(settings, "Fine-tuned")
    if tuned > frozen - LEFT_BEHIND:
        return ""
    seen = sum(run.seen for run in five_runs(settings, "Fine-tuned")) / RUNS
    return (
        f"Fine-tuned rows score {seen:.2f} on seen words but {tuned:.2f} on unseen ones, where frozen rows score "
        f"{frozen:.2f}. The seen words moved away together with the head, and left the others behind."
    )


LESSON = Lesson(
    number=10,
    slug="reuse",
    title="Reuse: pretrained, frozen, tuned, tied",
    question="When do rows that were trained elsewhere help, and what does freezing them do?",
    icon=":material/recycling:",
    minutes=9,
    prediction=Prediction(
        "24 labelled reviews use only half of the words, the test reviews only the other half. What share of them "
        "does a table trained from scratch get right?",
        ("About 95%", "About 75%", "About 50%"),
        answer=2,
        because=_because,
    ),
    words=("Pretrained", "Frozen", "Fine-tuned", "Tied weights"),
    knobs=KNOBS,
    controls=_controls,
    sealed=_sealed,
    experiment=_experiment,
    below=_below,
    below_knobs=tuple(knob.name for knob in TYING_KNOBS),
    finding="Pretraining places the words that your labels never mention. Without weight decay or tying, training can "
    "move only those that they do.",
    questions=QUESTIONS,
    snippets=snippets,
    task=Task(
        "At first, frozen and fine-tuned rows score alike on unseen words. Find settings at which fine-tuning falls "
        f"behind frozen rows by {LEFT_BEHIND:g} or more, in the mean of the five runs.",
        check=_left_behind,
    ),
)
