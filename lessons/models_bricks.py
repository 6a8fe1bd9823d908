"""Lesson 7: a model as a row of bricks, each with its shape, and which of them differ from another model's."""

from collections.abc import Sequence
from html import escape
from math import log
from typing import NamedTuple

from lessons.reviews import ANSWERS, HEADS, NEGATIVES, WORDS, Model, read_and_said
from lessons.ui.numbers import plain

MODELS = {
    "Classifier": HEADS["Good or bad"],
    "CBOW": HEADS["CBOW"],
    "Skip-gram": HEADS["Skip-gram"],
    "Negative sampling": HEADS["Skip-gram, negatives"],
}
SLOTS = ("Examples", "Embedding", "Pool", "Head", "Loss")
POOLS = {"mean": "mean of rows", "one": "the row itself", "side by side": "rows side by side"}
STORIES = {
    "Classifier": "says good or bad from the words of a review",
    "CBOW": "says the missing word of a review from the others",
    "Skip-gram": "says a neighbour from one word",
    "Negative sampling": "tells the neighbour of a word from five drawn words",
}


class Brick(NamedTuple):
    """One part of a model."""

    name: str
    shape: str
    note: str


def misfit(reads: str, says: str) -> str:
    """Why these parts cannot have negatives; "" if they can."""
    if says != "word":
        return "Negatives are drawn words, and a label has none to draw: softmax is used."
    if reads == "side by side":
        return "A dot product needs D numbers, and rows side by side are three times as many: softmax is used."
    return ""


def head_numbers(model: Model, columns: int) -> int:
    """How many numbers the head trains."""
    if model.loss == "negatives":
        return len(WORDS) * columns
    return (pooled_width(model, columns) + 1) * len(ANSWERS[model.says])


def pooled_width(model: Model, columns: int) -> int:
    """How many numbers the head reads."""
    ids, _ = read_and_said(model.reads, model.says)
    return columns * (ids.shape[1] if model.reads == "side by side" else 1)


def first_loss(model: Model) -> tuple[str, float]:
    """The loss of a model that knows nothing: every answer equally likely."""
    if model.loss == "negatives":
        return f"{1 + NEGATIVES} × ln 2", (1 + NEGATIVES) * log(2)
    outputs = len(ANSWERS[model.says])
    return f"ln {outputs}", log(outputs)


def bricks(model: Model, columns: int) -> tuple[Brick, ...]:
    """The five parts, in the order in which an example meets them."""
    ids, said = read_and_said(model.reads, model.says)
    rows, outputs, width = len(WORDS), len(ANSWERS[model.says]), pooled_width(model, columns)
    others = "all words of a review" if model.says != "word" else "the three other words"
    count = f"{ids.shape[1]} id{'s' if ids.shape[1] > 1 else ''} each"
    what = "the label" if model.says != "word" else "a neighbour" if model.reads == "one" else "the missing word"
    examples = Brick(f"{plain(len(said))} examples", count, "one word of a review" if model.reads == "one" else others)
    table = Brick("Embedding", f"{rows} × {columns}", f"{rows * columns} numbers")
    pool = Brick(POOLS[model.reads], f"{width} numbers", "nothing to train")
    if model.loss == "negatives":
        head = Brick("Second table", f"{rows} × {columns}, no bias", f"{rows * columns} numbers")
        loss = Brick(f"{1 + NEGATIVES} sigmoids", f"of {what}", f"and {NEGATIVES} drawn words")
        return examples, table, pool, head, loss
    head = Brick(f"Dense({outputs})", f"{width} × {outputs} + {outputs}", f"{head_numbers(model, columns)} numbers")
    return examples, table, pool, head, Brick("Softmax", f"of {what}", f"over {outputs} outputs")


def changed(model: Model, other: Model, columns: int) -> list[bool]:
    """Which of the five bricks differ."""
    return [mine != theirs for mine, theirs in zip(bricks(model, columns), bricks(other, columns), strict=True)]


def brick_row(model: Model, columns: int, name: str, against: tuple[str, Model] | None = None) -> str:
    """HTML of the row; `against` names the model that each brick is compared with."""
    other, than = (bricks(against[1], columns), against[0]) if against else ([None] * len(SLOTS), "")
    pairs = zip(SLOTS, bricks(model, columns), other, strict=True)
    items = "".join(_item(slot, mine, theirs, than) for slot, mine, theirs in pairs)
    story = f": {STORIES[name]}" if name in STORIES else ""
    label = escape(f"{name}{f', compared with {than}' if than else ''}{story}")
    return f'<p class="bricks-name">{label}</p><ol class="bricks" aria-label="{label}">{items}</ol>'


def _item(slot: str, brick: Brick, other: Brick | None, against: str) -> str:
    state = "" if other is None else "same" if brick == other else "changed"
    tag = f"<em>{state}</em>" if state else ""
    was = (
        f"<i>{escape(against)}: {escape(_short(brick, other))}</i>" if other is not None and state == "changed" else ""
    )
    lines = "".join(f"<span>{escape(text)}</span>" for text in (brick.shape, brick.note))
    return f'<li class="{state}"><small>{slot}{tag}</small><b>{escape(brick.name)}</b>{lines}{was}</li>'


def _short(brick: Brick, other: Brick) -> str:
    """The first line in which the other brick differs."""
    pairs: Sequence[tuple[str, str]] = list(zip(brick, other, strict=True))
    return next(theirs for mine, theirs in pairs if mine != theirs)
