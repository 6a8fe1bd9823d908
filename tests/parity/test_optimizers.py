"""Every optimizer against torch.optim on the same random stream of gradients, dense and sparse, 1 and 20 steps.

Compared are the parameters after every step, and the memory that PyTorch keeps in `optimizer.state`.
"""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core import optimizers as ours
from core.row_steps import write_rows
from core.sparse import sparse_gradient
from tests.parity.runs import STEPS, assert_close, run, stream

RATES, SHARES, DECAYS = st.floats(1e-4, 0.5), st.floats(0.0, 0.999), st.just(0.0) | st.floats(1e-4, 0.3)
EPS = st.sampled_from([1e-10, 1e-8, 1e-7, 1e-3])
BETAS = st.tuples(st.floats(0.0, 0.99), st.floats(0.5, 0.9999))
torch.sparse.check_sparse_tensor_invariants.enable()


def _adam(make, theirs):
    def build(learning_rate, betas, eps, weight_decay):
        options = {"lr": learning_rate, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        return make(learning_rate, *betas, eps, weight_decay), lambda tensors: theirs(tensors, **options)

    return st.builds(build, RATES, BETAS, EPS, DECAYS)


def _sgd(make, nesterov):
    def build(learning_rate, momentum, weight_decay):
        options = {"lr": learning_rate, "momentum": momentum, "weight_decay": weight_decay, "nesterov": nesterov}
        return make(learning_rate, momentum, weight_decay), lambda tensors: torch.optim.SGD(tensors, **options)

    return st.builds(build, RATES, st.floats(0.01, 0.999), DECAYS)


def _build_sgd(learning_rate, weight_decay):
    options = {"lr": learning_rate, "weight_decay": weight_decay}
    return ours.sgd(learning_rate, weight_decay), lambda tensors: torch.optim.SGD(tensors, **options)


def _build_adagrad(learning_rate, weight_decay, start, eps):
    options = {"lr": learning_rate, "weight_decay": weight_decay, "initial_accumulator_value": start, "eps": eps}
    return ours.adagrad(learning_rate, weight_decay, start, eps), lambda tensors: torch.optim.Adagrad(
        tensors, **options
    )


def _build_rmsprop(learning_rate, decay, eps, weight_decay):
    options = {"lr": learning_rate, "alpha": decay, "eps": eps, "weight_decay": weight_decay}
    return ours.rmsprop(learning_rate, decay, eps, weight_decay), lambda tensors: torch.optim.RMSprop(
        tensors, **options
    )


def _build_sparse_adam(learning_rate, betas, eps):
    options = {"lr": learning_rate, "betas": betas, "eps": eps}
    return ours.sparse_adam(learning_rate, betas[0], betas[1], eps), lambda tensors: torch.optim.SparseAdam(
        tensors, **options
    )


STARTS = st.just(0.0) | st.floats(0.0, 1.0)
PAIRS = {
    "SGD": st.builds(_build_sgd, RATES, DECAYS),
    "SGD, momentum": _sgd(ours.momentum, nesterov=False),
    "SGD, Nesterov": _sgd(ours.nesterov, nesterov=True),
    "Adagrad": st.builds(_build_adagrad, RATES, DECAYS, STARTS, EPS),
    "RMSprop": st.builds(_build_rmsprop, RATES, SHARES, EPS, DECAYS),
    "Adam": _adam(ours.adam, torch.optim.Adam),
    "AdamW": _adam(ours.adamw, torch.optim.AdamW),
}
NO_DECAY = st.just(0.0)
SPARSE_PAIRS = {
    "SGD": st.builds(_build_sgd, RATES, NO_DECAY),
    "SGD, momentum": st.builds(
        lambda rate, share: (
            ours.momentum(rate, share),
            lambda tensors: torch.optim.SGD(tensors, lr=rate, momentum=share),
        ),
        RATES,
        st.floats(0.01, 0.999),
    ),
    "SGD, Nesterov": st.builds(
        lambda rate, share: (
            ours.nesterov(rate, share),
            lambda tensors: torch.optim.SGD(tensors, lr=rate, momentum=share, nesterov=True),
        ),
        RATES,
        st.floats(0.01, 0.999),
    ),
    "Adagrad": st.builds(_build_adagrad, RATES, NO_DECAY, STARTS, EPS),
    "SparseAdam": st.builds(_build_sparse_adam, RATES, BETAS, EPS),
}
MEMORY = {"momentum_buffer", "sum", "square_avg", "exp_avg", "exp_avg_sq"}  # PyTorch's names, in our order


def remembered(optimizer, tensor):
    """What PyTorch remembers for this tensor, as dense arrays."""
    memory = [value for name, value in optimizer.state[tensor].items() if name in MEMORY and value is not None]
    return [(array.to_dense() if array.is_sparse else array).numpy().copy() for array in memory]


def their_run(optimizer, tensor, gradients):
    """As `run`, with PyTorch's tables and memory; the memory before the first step is not asked for."""
    tables, memories = [tensor.detach().numpy().copy()], []
    for gradient in gradients:
        tensor.grad = gradient
        optimizer.step()
        tables.append(tensor.detach().numpy().copy())
        memories.append(remembered(optimizer, tensor))
    return tables, list(zip(*memories, strict=True))


def sparse_run(optimizer, table, gradients):
    """As `run`, in place and with sparse gradients."""
    table, state = table.copy(), optimizer.init(table)
    tables, memories = [table.copy()], [state.memory]
    for gradient in gradients:
        state = write_rows(optimizer.update_rows(gradient, state, table), state, table)
        tables.append(table.copy())
        memories.append([array.copy() for array in state.memory])
    return tables, list(zip(*memories, strict=True))


def compare(option, mine, theirs):
    (tables, memories), (their_tables, their_memories) = mine, theirs
    assert_close(option, "PyTorch", tables, their_tables)
    for memory, their_memory in zip(memories, their_memories, strict=True):
        assert_close(f"{option}, memory", "PyTorch", memory, [memory[0], *their_memory])


@pytest.mark.parametrize("steps", STEPS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("option", PAIRS)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_dense_steps_are_those_of_pytorch(option, dtype, steps, data):
    optimizer, make = data.draw(PAIRS[option])
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    shape = data.draw(st.tuples(st.integers(1, 6), st.integers(1, 4)))
    table = rng.normal(size=shape).astype(dtype)
    gradients = stream(rng, shape, dtype, steps, data.draw(st.sampled_from([1e-3, 1.0, 30.0])))
    tensor = torch.nn.Parameter(torch.tensor(table))
    compare(option, run(optimizer, table, gradients), their_run(make([tensor]), tensor, map(torch.tensor, gradients)))


@pytest.mark.parametrize("steps", STEPS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("option", SPARSE_PAIRS)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_sparse_steps_are_those_of_pytorch_repeated_rows_too(option, dtype, steps, data):
    optimizer, make = data.draw(SPARSE_PAIRS[option])
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    rows, columns, reads = data.draw(st.tuples(st.integers(1, 8), st.integers(1, 4), st.integers(0, 9)))
    table = rng.normal(size=(rows, columns)).astype(dtype)
    reads = [(rng.integers(0, rows, reads), rng.normal(size=(reads, columns)).astype(dtype)) for _ in range(steps)]
    gradients = (sparse_gradient(indices, values, rows) for indices, values in reads)
    theirs = (
        torch.sparse_coo_tensor(torch.tensor(indices)[None], torch.tensor(values), table.shape)
        for indices, values in reads
    )
    tensor = torch.nn.Parameter(torch.tensor(table))
    compare(
        f"{option}, sparse gradient", sparse_run(optimizer, table, gradients), their_run(make([tensor]), tensor, theirs)
    )


def _refusals():
    optim = torch.optim
    return {
        "RMSprop": (ours.rmsprop(0.1), optim.RMSprop, {}),
        "Adam": (ours.adam(0.1), optim.Adam, {}),
        "AdamW": (ours.adamw(0.1), optim.AdamW, {}),
        "SGD, decay": (ours.sgd(0.1, 0.1), optim.SGD, {"weight_decay": 0.1}),
        "momentum, decay": (ours.momentum(0.1, 0.9, 0.1), optim.SGD, {"momentum": 0.9, "weight_decay": 0.1}),
        "Adagrad, decay": (ours.adagrad(0.1, 0.1), optim.Adagrad, {"weight_decay": 0.1}),
        "Adam, decay": (ours.adam(0.1, weight_decay=0.1), optim.Adam, {"weight_decay": 0.1}),
    }


@pytest.mark.parametrize("name", _refusals())
def test_a_sparse_gradient_is_refused_by_the_same_optimizers_with_the_same_exception(name):
    optimizer, theirs, options = _refusals()[name]
    tensor = torch.nn.Parameter(torch.ones(4, 2))
    tensor.grad = torch.sparse_coo_tensor(torch.tensor([[1]]), torch.ones(1, 2), (4, 2))
    with pytest.raises(Exception) as refused:  # noqa: PT011
        theirs([tensor], lr=0.1, **options).step()
    table = np.ones((4, 2), np.float32)
    with pytest.raises(refused.type, match="make it dense"):
        optimizer.update_rows(sparse_gradient([1], np.ones((1, 2)), 4), optimizer.init(table), table)


def test_a_dense_gradient_is_refused_by_sparse_adam_with_the_same_exception():
    tensor = torch.nn.Parameter(torch.ones(4, 2))
    tensor.grad = torch.ones(4, 2)
    with pytest.raises(Exception) as refused:  # noqa: PT011
        torch.optim.SparseAdam([tensor]).step()
    optimizer, table = ours.sparse_adam(0.1), np.ones((4, 2))
    with pytest.raises(refused.type, match="use adam"):
        optimizer.update(table, optimizer.init(table), table)


DEFAULTS = {
    "Adagrad": (ours.adagrad, torch.optim.Adagrad),
    "RMSprop": (ours.rmsprop, torch.optim.RMSprop),
    "Adam": (ours.adam, torch.optim.Adam),
    "AdamW": (ours.adamw, torch.optim.AdamW),
}


@pytest.mark.parametrize("name", DEFAULTS)
def test_the_defaults_are_those_of_pytorch(name):
    """Gradients of 1e-9 make eps decide, a table far from 0 makes the decay show."""
    make, theirs = DEFAULTS[name]
    for size in (1e-9, 1.0):
        table = np.full((2, 2), 3.0)
        tensor = torch.nn.Parameter(torch.tensor(table))
        gradients = [np.full((2, 2), size * sign) for sign in (1, -2, 1)]
        mine, other = run(make(0.1), table, gradients)[0], theirs([tensor], lr=0.1)
        their_tables = their_run(other, tensor, map(torch.tensor, gradients))[0]
        assert_close(f"{name}, defaults", "PyTorch", mine, their_tables, tolerance=1e-12)
