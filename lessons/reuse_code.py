"""The code of lesson 10: one step on a labelled review, frozen or not, and a tied output."""

from typing import NamedTuple

from lessons.reuse_runs import LABELS, RATES, Settings, labelled_reviews
from lessons.reviews import WORDS


class _Values(NamedTuple):
    """What the snippets fill in."""

    rows: int
    columns: int
    ids: list[int]
    label: int
    words: str
    trained: int  # numbers that training may change
    moved: list[int]  # rows that one step changes
    frozen: bool
    scratch: bool


def snippets(settings: Settings) -> dict[str, str]:
    """The same in numpy, PyTorch and Keras."""
    values = _values(settings)
    return {"numpy": _numpy(values), "PyTorch": _pytorch(values), "Keras": _keras(values)}


def _values(settings: Settings) -> _Values:
    review = labelled_reviews(settings.labelled, settings.run)
    ids, columns, frozen = review.texts[0].tolist(), settings.columns, settings.mode == "Frozen"
    head = columns * len(LABELS) + len(LABELS)
    return _Values(
        rows=len(WORDS),
        columns=columns,
        ids=ids,
        label=int(review.labels[0]),
        words=" ".join(WORDS[row] for row in ids),
        trained=head + (0 if frozen else len(WORDS) * columns),
        moved=[] if frozen else sorted(set(ids)),
        frozen=frozen,
        scratch=settings.mode == "Scratch",
    )


def _numpy(values: _Values) -> str:
    table = "a random start" if values.scratch else "stands for the rows that CBOW trained"
    update = f"np.add.at(E, ids, -{RATES['SGD']} * (W @ error) / len(ids))  # a repeated id gets each share"
    step = "# E is frozen: its gradient is not even computed" if values.frozen else update
    return f"""import numpy as np

rng = np.random.default_rng(0)
E = rng.normal(0, 0.1, ({values.rows}, {values.columns}))           # {table}
W, b = rng.normal(0, 0.1, ({values.columns}, 2)), np.zeros(2)
ids, y = np.array({values.ids}), {values.label}      # {values.words}
h = E[ids].mean(axis=0)
p = np.exp(h @ W + b)
error = p / p.sum() - np.eye(2)[y]
before = E.copy()
{step}
W -= {RATES["SGD"]} * np.outer(h, error)
b -= {RATES["SGD"]} * error
np.flatnonzero((E != before).any(axis=1)).tolist()  # rows that moved: {values.moved}"""


def _pytorch(values: _Values) -> str:
    return f"""import torch
from torch import nn

{_pytorch_table(values)}
head = nn.Linear({values.columns}, 2)
parts = [*emb.parameters(), *head.parameters()]
sum(p.numel() for p in parts if p.requires_grad)  # {values.trained}

ids, y = torch.tensor([{values.ids}]), torch.tensor([{values.label}])  # {values.words}
before = emb.weight.detach().clone()
nn.functional.cross_entropy(head(emb(ids).mean(1)), y).backward()
torch.optim.SGD([p for p in parts if p.requires_grad], lr={RATES["SGD"]}).step()
(emb.weight != before).any(dim=1).nonzero().flatten().tolist()  # rows that moved: {values.moved}

out = nn.Linear({values.columns}, {values.rows}, bias=False)
out.weight = emb.weight                           # tied: one table of {values.rows * values.columns} numbers"""


def _pytorch_table(values: _Values) -> str:
    if values.scratch:
        return f"emb = nn.Embedding({values.rows}, {values.columns})"
    trained = f"E = torch.randn({values.rows}, {values.columns})  # stands for the rows that CBOW trained\n"
    if values.frozen:
        return f"{trained}emb = nn.Embedding.from_pretrained(E)  # frozen by default"
    return f"{trained}emb = nn.Embedding.from_pretrained(E, freeze=False)"


def _keras(values: _Values) -> str:
    return f"""import keras
import numpy as np
from keras import layers

{_keras_table(values)}
model = keras.Sequential([keras.Input((4,), dtype="int32"), emb, layers.GlobalAveragePooling1D(),
                          layers.Dense(2, activation="softmax")])
sum(int(np.prod(w.shape)) for w in model.trainable_weights)  # {values.trained}

ids, y = np.array([{values.ids}]), np.array([{values.label}])  # {values.words}
before = emb.get_weights()[0].copy()
model.compile(keras.optimizers.SGD({RATES["SGD"]}), "sparse_categorical_crossentropy")
model.train_on_batch(ids, y)
np.flatnonzero((emb.get_weights()[0] != before).any(axis=1)).tolist()  # rows that moved: {values.moved}

tied = layers.ReversibleEmbedding({values.rows}, {values.columns})
tied(tied(ids), reverse=True).shape  # (1, 4, {values.rows}): a score for every word
tied.count_params()                  # {values.rows * values.columns}: the table counts once"""


def _keras_table(values: _Values) -> str:
    if values.scratch:
        return f"emb = layers.Embedding({values.rows}, {values.columns})"
    trainable = ", trainable=False" if values.frozen else ""
    return f"""src = layers.Embedding({values.rows}, {values.columns})  # stands for the layer that CBOW trained
src.build()
emb = layers.Embedding({values.rows}, {values.columns}{trainable})
emb.build()
emb.set_weights(src.get_weights())"""
