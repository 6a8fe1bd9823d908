"""Every head against PyTorch's autograd on the same numbers: loss and all gradients, and 20 steps of training.

The torch side is written with torch.nn.functional as a user would write the model, not after our formulas.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import given, settings
from hypothesis import strategies as st

from core.negatives import skip_gram_drawn, skip_gram_expected, skip_gram_negatives, unigram_noise
from core.optimizers import OPTIMIZERS
from core.pools import unpadded
from core.runs import Run
from core.tasks import (
    Task,
    added_up,
    binary_classifier,
    cbow,
    classifier,
    next_word,
    regression,
    side_by_side,
    skip_gram,
    skip_gram_contexts,
    skip_gram_counts,
)
from core.training import Training
from tests.layers import trained_form
from tests.parity.report import seen

STEPS, RATE = 20, 0.05
SINGLE = {np.float64: 1e-12, np.float32: 256 * 1.2e-7}  # float32: 256 units in the last place of the largest number
TRAINED = {np.float64: 1e-10, np.float32: 1e-4}


class Drawn(NamedTuple):
    """Random data of one shape: V words, N examples, T places a window."""

    rng: np.random.Generator
    words: int
    examples: int
    places: int

    def ids(self, *shape):
        """Ids with many repeats; 0, where it is padding, is common."""
        ids = self.rng.integers(0, self.words, shape)
        return np.where(self.rng.random(shape) < 0.3, 0, ids)


class Case(NamedTuple):
    """Our task, and the same loss in torch of parameters under our names."""

    task: Task
    loss: Callable[[dict[str, torch.Tensor]], torch.Tensor]
    padded: bool = False  # then row 0 of the table starts at 0, as PyTorch's layer makes it


def tensor(array):
    return torch.tensor(np.asarray(array))


def linear(p, vectors):
    return F.linear(vectors, p["kernel"].T, p["bias"])


def _classifier(d):
    labels = d.rng.integers(0, 3, d.examples)
    lengths = d.rng.integers(0, 5, d.examples)
    documents = [d.ids(length) for length in lengths]
    flat, starts = tensor(np.concatenate(documents).astype(int)), tensor(np.cumsum([0, *lengths[:-1]]))

    def loss(p):
        return F.cross_entropy(linear(p, F.embedding_bag(flat, p["weight"], starts, mode="mean")), tensor(labels))

    return Case(classifier(documents, labels, d.words, 3), loss)


def _binary_classifier(d):
    texts, labels = d.ids(d.examples, d.places), d.rng.integers(0, 2, d.examples)

    def loss(p):
        logits = linear(p, F.embedding(tensor(texts), p["weight"]).mean(1))[:, 0]
        return F.binary_cross_entropy_with_logits(logits, tensor(labels).to(logits.dtype))

    return Case(binary_classifier(list(texts), labels, d.words), loss)


def _cbow(d):
    windows, centers = d.ids(d.examples, d.places), d.ids(d.examples)

    def loss(p):
        pooled = F.embedding_bag(tensor(windows), p["weight"], mode="mean", padding_idx=0)
        return F.cross_entropy(linear(p, pooled), tensor(centers))

    return Case(cbow(*unpadded(windows, 0), centers, d.words), loss)


def _next_word(d):
    windows, following = d.ids(d.examples, d.places), d.ids(d.examples)

    def loss(p):
        rows = F.embedding(tensor(windows), p["weight"], padding_idx=0)
        return F.cross_entropy(linear(p, rows.flatten(1)), tensor(following))

    return Case(next_word(windows, following, d.words, padding_idx=0), loss, padded=True)


def _next_word_unpadded(d):
    windows, following = d.ids(d.examples, d.places), d.ids(d.examples)

    def loss(p):
        return F.cross_entropy(linear(p, F.embedding(tensor(windows), p["weight"]).flatten(1)), tensor(following))

    return Case(next_word(windows, following, d.words), loss)


def _skip_gram(d):
    centers, contexts = d.ids(d.examples), d.ids(d.examples)

    def loss(p):
        return F.cross_entropy(linear(p, F.embedding(tensor(centers), p["weight"])), tensor(contexts))

    return Case(skip_gram(centers, contexts, d.words), loss)


def _skip_gram_contexts(d):
    centers, windows = d.ids(d.examples), d.ids(d.examples, d.places)
    windows[0, 0] = 1  # at least one context is no padding

    def loss(p):
        logits = linear(p, F.embedding(tensor(centers), p["weight"]))  # (N, V)
        every = logits[:, None].expand(-1, d.places, -1).reshape(-1, d.words)  # once for each context
        total = F.cross_entropy(every, tensor(windows.ravel()), ignore_index=0, reduction="sum")
        return total / int((windows != 0).sum())

    return Case(skip_gram_contexts(centers, *unpadded(windows, 0), d.words), loss)


def _skip_gram_counts(d):
    counts = _counts(d)
    centers, contexts = (tensor(np.repeat(side, counts.ravel().astype(int))) for side in _cells(d))

    def loss(p):
        return F.cross_entropy(linear(p, F.embedding(centers, p["weight"])), contexts)  # pair by pair

    return Case(skip_gram_counts(counts), loss)


def _negatives(d):
    centers, contexts, negatives = d.ids(d.examples), d.ids(d.examples), d.ids(d.examples, d.places)
    scored = np.column_stack([contexts, negatives])
    return Case(skip_gram_negatives(centers, contexts, negatives, d.words), sampled_loss(centers, scored))


def sampled_loss(centers, scored):
    def loss(p):
        rows, outputs = F.embedding(tensor(centers), p["weight"]), F.embedding(tensor(scored), p["context_weight"])
        logits = torch.einsum("nd,njd->nj", rows, outputs)
        right = torch.zeros_like(logits)
        right[:, 0] = 1
        return F.binary_cross_entropy_with_logits(logits, right, reduction="none").sum(1).mean()

    return loss


def _expected(d):
    counts, number = _counts(d), d.places
    noise = unigram_noise(counts.sum(axis=0))

    def loss(p):
        logits = p["weight"] @ p["context_weight"].T
        pairs, chances = tensor(counts).to(logits.dtype), tensor(noise).to(logits.dtype)
        per_pair = F.logsigmoid(logits) + number * (chances * F.logsigmoid(-logits)).sum(1, keepdim=True)
        return -(pairs * per_pair).sum() / pairs.sum()

    return Case(skip_gram_expected(counts, noise, number), loss)


def _regression(d):
    sizes = (2, d.words - 2)
    categories, numbers = (
        d.rng.integers(0, sizes, (d.examples, 2)),
        d.rng.normal(3, 1, d.examples),
    )  # off 0: no error cancels

    def loss(p):
        first, second = p["weight"].split(sizes)
        rows = [F.embedding(tensor(categories[:, 0]), first), F.embedding(tensor(categories[:, 1]), second)]
        return F.mse_loss(linear(p, torch.cat(rows, 1))[:, 0], tensor(numbers).to(first.dtype))

    return Case(regression(side_by_side(categories, sizes), numbers), loss)


def _regression_on_a_sum(d):
    sizes = (2, d.words - 2)
    categories, numbers = d.rng.integers(0, sizes, (d.examples, 2)), d.rng.normal(3, 1, (d.examples, 3))

    def loss(p):
        first, second = p["weight"].split(sizes)
        rows = F.embedding(tensor(categories[:, 0]), first) + F.embedding(tensor(categories[:, 1]), second)
        return F.mse_loss(linear(p, rows), tensor(numbers).to(first.dtype))

    return Case(regression(added_up(categories, sizes), numbers), loss)


def _counts(d):
    counts = np.zeros((d.words, d.words))
    np.add.at(counts, (d.ids(3 * d.examples), d.ids(3 * d.examples)), 1)
    return counts


def _cells(d):
    return (side.ravel() for side in np.indices((d.words, d.words)))


CASES = {
    "classifier, empty texts": _classifier,
    "binary classifier": _binary_classifier,
    "CBOW, padded windows": _cbow,
    "next word": _next_word_unpadded,
    "next word, padded windows": _next_word,
    "skip-gram": _skip_gram,
    "skip-gram, several contexts, padded": _skip_gram_contexts,
    "skip-gram from counts": _skip_gram_counts,
    "negative sampling": _negatives,
    "negative sampling, expected from counts": _expected,
    "regression on category rows side by side": _regression,
    "regression on category rows added up": _regression_on_a_sum,
}
shapes = st.builds(
    lambda seed, *sizes: Drawn(np.random.default_rng(seed), *sizes),
    st.integers(0, 2**32 - 1), st.integers(3, 9), st.integers(1, 12), st.integers(1, 5),
)  # fmt: skip


def start_of(case, d, dim, scale, dtype):
    start = {"weight": np.zeros((d.words, dim)), **case.task.head.start(d.rng, dim, scale)}
    parameters = {name: d.rng.normal(0, scale, array.shape).astype(dtype) for name, array in start.items()}
    if case.padded:
        parameters["weight"][0] = 0
    return parameters


def differentiated(case, parameters):
    p = {name: torch.tensor(array, requires_grad=True) for name, array in parameters.items()}
    loss = case.loss(p)
    loss.backward()
    return loss.item(), {name: value.grad.numpy() for name, value in p.items()}


def joined(arrays, order):
    """All gradients as one vector: a difference counts by the largest of them. A bias alone may cancel to nothing."""
    return np.concatenate([arrays[name].ravel() for name in order])


def agree(option, dtype, ours, theirs, tolerance):
    difference = seen(option, "PyTorch", np.dtype(dtype).name, ours, theirs)
    assert difference <= tolerance, f"{option}: {difference:.1e}"


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("dtype", SINGLE)
@pytest.mark.parametrize("scale", [0.1, 1.0, 300.0])
@settings(deadline=None, max_examples=8)
@given(shapes, st.integers(1, 5))
def test_loss_and_gradients_are_those_of_autograd(name, dtype, scale, d, dim):
    case = CASES[name](d)
    parameters = start_of(case, d, dim, scale, dtype)
    examples = case.task.examples.astype(dtype)
    loss, gradients = differentiated(case, parameters)
    step = case.task.head.step(parameters, examples)
    direct, into = trained_form(case.task, parameters, examples)
    option = f"head: {name}" + (", scores beyond exp" if scale > 1 else "")
    # a score's own rounding is a relative error of its exp: it grows with the score
    tolerance = SINGLE[dtype] * max(1.0, float(np.abs(step.logits).max()))
    for ours in (step.loss, direct):
        agree(option, dtype, dtype(ours), dtype(loss), tolerance)
    theirs = joined(gradients, gradients)
    size = max(float(np.abs(theirs).max()), 1e-30)
    cancelled = max(1.0, scale / 100 / size)  # a sum far below its terms has lost these digits, torch's too
    for ours in (step.gradients, into):
        agree(option, dtype, joined(ours, gradients), theirs, tolerance * cancelled)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("dtype", TRAINED)
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
@pytest.mark.parametrize("seed", range(3))
def test_twenty_steps_lead_to_the_same_parameters(name, dtype, optimizer, seed):
    d = Drawn(np.random.default_rng(seed), 7, 10, 4)
    case = CASES[name](d)
    training = training_of(case.task, d.words, dtype, optimizer, seed)
    if case.padded:
        training.parameters["weight"][0] = 0
    p = {part: torch.nn.Parameter(torch.tensor(array.copy())) for part, array in training.parameters.items()}
    theirs = getattr(torch.optim, optimizer)(p.values(), lr=RATE)
    losses = [torch_step(theirs, lambda: case.loss(p)) for _ in range(STEPS)]
    training.advance(STEPS)
    option = f"head: {name}, {STEPS} steps of {optimizer}"
    agree(option, dtype, np.array(training.losses, dtype), np.array(losses, dtype), TRAINED[dtype])
    for part, value in p.items():
        agree(option, dtype, training.parameters[part], value.detach().numpy(), TRAINED[dtype])


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
@pytest.mark.parametrize("dtype", TRAINED)
def test_twenty_batches_with_drawn_negatives_lead_to_the_same_parameters(optimizer, dtype):
    d = Drawn(np.random.default_rng(5), 7, 30, 4)
    noise = unigram_noise(np.arange(7))
    task = skip_gram_drawn(d.ids(30), d.ids(30), noise, 4, d.rng)
    training = training_of(task, d.words, dtype, optimizer, 5, batch_size=8)
    p = {part: torch.nn.Parameter(torch.tensor(array.copy())) for part, array in training.parameters.items()}
    theirs = getattr(torch.optim, optimizer)(p.values(), lr=RATE)
    for _ in range(STEPS):
        batch = training.explain_next().examples
        loss = sampled_loss(batch.bags.indices, batch.targets)
        torch_step(theirs, lambda loss=loss: loss(p))
        training.advance(1)
    for part, value in p.items():
        option = f"head: negative sampling, drawn, {STEPS} batches of {optimizer}"
        agree(option, dtype, training.parameters[part], value.detach().numpy(), TRAINED[dtype])


def training_of(task, words, dtype, optimizer, seed, batch_size=None):
    return Training(
        Run(
            task=task, num_embeddings=words, embedding_dim=3, optimizer=OPTIMIZERS[optimizer](RATE), steps=STEPS,
            seed=seed, start_scale=0.5, batch_size=batch_size, dtype=dtype,
        )
    )  # fmt: skip


def torch_step(optimizer, loss):
    optimizer.zero_grad()
    value = loss()
    value.backward()
    optimizer.step()
    return value.item()
