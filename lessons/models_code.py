"""Lesson 7 in code: the model on the screen, brick by brick, on its first example."""

import numpy as np

from lessons.models_bricks import head_numbers, pooled_width
from lessons.models_picture import Built
from lessons.reviews import ANSWERS, NEGATIVES, WORDS, read_and_said, task_of, trained

NUMPY_POOL = {"mean": "mean(axis=0)", "one": "ravel()", "side by side": "ravel()"}
TORCH_POOL = {"mean": "mean(1)", "one": "flatten(1)", "side by side": "flatten(1)"}
KERAS_POOL = {"mean": "GlobalAveragePooling1D", "one": "Flatten", "side by side": "Flatten"}


def model_snippets(built: Built) -> dict[str, str]:
    """numpy, PyTorch and Keras."""
    negatives = built.model.loss == "negatives"
    return {
        "numpy": _numpy_negatives(built) if negatives else _numpy(built),
        "PyTorch": _torch_negatives(built) if negatives else _torch(built),
        "Keras": _keras_negatives(built) if negatives else _keras(built),
    }


def _first(built: Built) -> tuple[list[int], int, list[int], str]:
    """Ids and answer of the first example, the rows of the second table that it scores, and its loss at the start."""
    ids, said = read_and_said(built.model.reads, built.model.says)
    task = task_of(built.model)
    step = task.head.step(trained(built.recipe._replace(steps=0)).parameters, task.examples.part(0, 1))
    scored = np.atleast_1d(task.examples.targets[0])
    return ids[0].tolist(), int(said[0]), scored.tolist(), f"{step.losses[0]:.3f}"


def _counts(built: Built) -> tuple[int, int, int]:
    """Numbers in the table, in the head, in all."""
    table, head = len(WORDS) * built.columns, head_numbers(built.model, built.columns)
    return table, head, table + head


def _numpy(built: Built) -> str:
    (ids, said, _, loss), (table, _, total) = _first(built), _counts(built)
    width, outputs = pooled_width(built.model, built.columns), len(ANSWERS[built.model.says])
    return f"""import numpy as np

rng = np.random.default_rng({built.seed})
E = rng.normal(0, 0.1, ({len(WORDS)}, {built.columns}))  # the Embedding: {table} numbers
U = rng.normal(0, 0.1, ({width}, {outputs}))
b = np.zeros({outputs})
E.size + U.size + b.size             # {total}

h = E[{ids}].{NUMPY_POOL[built.model.reads]}  # ({width},)
scores = h @ U + b                   # ({outputs},)
np.log(np.exp(scores).sum()) - scores[{said}]  # {loss}, the loss of the first example"""


def _numpy_negatives(built: Built) -> str:
    (ids, _, scored, loss), (table, _, total) = _first(built), _counts(built)
    return f"""import numpy as np

rng = np.random.default_rng({built.seed})
E = rng.normal(0, 0.1, ({len(WORDS)}, {built.columns}))  # the Embedding: {table} numbers
U = rng.normal(0, 0.1, ({len(WORDS)}, {built.columns}))  # the second table, a row for each word
E.size + U.size                      # {total}

h = E[{ids}].{NUMPY_POOL[built.model.reads]}  # ({built.columns},)
scores = U[{scored}] @ h  # a true word, then {NEGATIVES} drawn ones
signs = np.array([1{", -1" * NEGATIVES}])
np.log1p(np.exp(-signs * scores)).sum()  # {loss}, the loss of the first example"""


def _torch(built: Built) -> str:
    (ids, said, _, _), (table, head, total) = _first(built), _counts(built)
    width, outputs = pooled_width(built.model, built.columns), len(ANSWERS[built.model.says])
    return f"""import torch
from torch import nn

emb = nn.Embedding({len(WORDS)}, {built.columns})  # the same brick in every model: {table} numbers
out = nn.Linear({width}, {outputs})  # {head}
sum(p.numel() for p in [*emb.parameters(), *out.parameters()])  # {total}

h = emb(torch.tensor([{ids}])).{TORCH_POOL[built.model.reads]}  # (1, {width})
loss = nn.functional.cross_entropy(out(h), torch.tensor([{said}]))
loss.backward()
emb.weight.grad.abs().sum(1).nonzero().ravel()  # {sorted(set(ids))}: the rows that were read"""


def _torch_negatives(built: Built) -> str:
    (ids, _, scored, _), (table, head, total) = _first(built), _counts(built)
    return f"""import torch
from torch import nn

emb = nn.Embedding({len(WORDS)}, {built.columns})  # the same brick in every model: {table} numbers
out = nn.Embedding({len(WORDS)}, {built.columns})  # a second table: {head}
sum(p.numel() for p in [*emb.parameters(), *out.parameters()])  # {total}

h = emb(torch.tensor([{ids}])).{TORCH_POOL[built.model.reads]}  # (1, {built.columns})
scores = out(torch.tensor({scored})) @ h[0]  # ({1 + NEGATIVES},): a true word, then {NEGATIVES} drawn ones
wanted = torch.tensor([1.0{", 0.0" * NEGATIVES}])
# logits are scores before the sigmoid
nn.functional.binary_cross_entropy_with_logits(scores, wanted, reduction="sum").backward()
emb.weight.grad.abs().sum(1).nonzero().ravel()  # {sorted(set(ids))}: the rows that were read"""


def _keras(built: Built) -> str:
    (ids, _, _, _), (_, _, total) = _first(built), _counts(built)
    outputs, pool = len(ANSWERS[built.model.says]), KERAS_POOL[built.model.reads]
    return f"""from keras import Input, Sequential
from keras.layers import Dense, Embedding, {pool}

model = Sequential([
    Input(({len(ids)},), dtype="int32"),
    Embedding({len(WORDS)}, {built.columns}),  # the same brick in every model
    {pool}(),
    Dense({outputs}, activation="softmax"),
])
model.count_params()  # {total}
model.compile("adam", "sparse_categorical_crossentropy")"""


def _keras_negatives(built: Built) -> str:
    (ids, _, _, _), (_, _, total) = _first(built), _counts(built)
    pool = KERAS_POOL[built.model.reads]
    return f"""from keras import Input, Model
from keras.layers import Dot, Embedding, {pool}

ids, scored = Input(({len(ids)},), dtype="int32"), Input(({1 + NEGATIVES},), dtype="int32")
h = {pool}()(Embedding({len(WORDS)}, {built.columns})(ids))  # the same brick in every model
rows = Embedding({len(WORDS)}, {built.columns})(scored)  # a second table
scores = Dot(axes=(2, 1))([rows, h])
model = Model([ids, scored], scores)
model.count_params()  # {total}
scores.shape  # (None, {1 + NEGATIVES}): a true word, then {NEGATIVES} drawn ones"""
