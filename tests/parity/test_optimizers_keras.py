"""Every optimizer against keras.optimizers on the same random stream of gradients, 1 and 20 steps, torch backend.

In float32 Keras computes Adam's bias correction in float32, where 1 - 0.999 keeps only four digits. Our Python numbers
keep all of them, so these comparisons allow for what Keras loses.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core import keras_optimizers as ours
from tests.parity.runs import FLOAT32, STEPS, TOLERANCES, assert_close, run, stream

RATES, SHARES, DECAYS = st.floats(1e-4, 0.5), st.floats(0.01, 0.999), st.none() | st.floats(1e-4, 0.3)
EPS = st.sampled_from([1e-10, 1e-7, 1e-3])


def _options(**names):
    return st.fixed_dictionaries({"learning_rate": RATES, **names})


MOMENTUM = _options(decay=SHARES)
ADAM = {"beta1": st.floats(0.0, 0.99), "beta2": st.floats(0.5, 0.9999), "eps": EPS}
KERAS_NAMES = {"beta1": "beta_1", "beta2": "beta_2", "eps": "epsilon", "start": "initial_accumulator_value"}
CASES = {  # name: our function, Keras's class and what it is always given, what is drawn, Keras's name of our `decay`
    "SGD": (ours.sgd, keras.optimizers.SGD, {}, _options(), ""),
    "SGD, momentum": (ours.momentum, keras.optimizers.SGD, {}, MOMENTUM, "momentum"),
    "SGD, Nesterov": (ours.nesterov, keras.optimizers.SGD, {"nesterov": True}, MOMENTUM, "momentum"),
    "Adagrad": (ours.adagrad, keras.optimizers.Adagrad, {}, _options(start=st.floats(0.0, 1.0), eps=EPS), ""),
    "RMSprop": (ours.rmsprop, keras.optimizers.RMSprop, {}, _options(decay=st.floats(0.0, 0.999), eps=EPS), "rho"),
    "Adam": (ours.adam, keras.optimizers.Adam, {}, _options(**ADAM), ""),
    "AdamW": (ours.adamw, keras.optimizers.AdamW, {}, _options(**ADAM, weight_decay=st.floats(1e-4, 0.3)), ""),
}
MEMORY = ("momentums", "_accumulators", "_momentums", "_velocities")  # Keras's names, in our order


@pytest.fixture(autouse=True)
def _restored_precision():
    before = keras.config.floatx()
    yield
    keras.config.set_floatx(before)


def _numpy(variable):
    return variable.value.detach().numpy().copy()


def remembered(optimizer):
    lists = [getattr(optimizer, name, None) or [] for name in MEMORY]
    arrays = {id(kept[0]): kept[0] for kept in lists if kept and kept[0] is not None}
    return [_numpy(array) for array in arrays.values()]


def their_run(optimizer, table, gradients):
    """As `run`, with Keras's tables and memory."""
    variable = keras.Variable(table, dtype=table.dtype.name)
    optimizer.build([variable])
    tables, memories = [table], [remembered(optimizer)]
    for gradient in gradients:
        optimizer.apply([torch.tensor(gradient)], [variable])
        tables.append(_numpy(variable))
        memories.append(remembered(optimizer))
    return tables, list(zip(*memories, strict=True))


def allowed(dtype, steps, options, gap=0.0):
    """Of the table: TOLERANCES, and in float32 what Keras's own rounding of the bias correction makes of the steps."""
    plain = TOLERANCES[dtype.name, steps]
    if dtype == np.float64 or "beta2" not in options:
        return plain
    lost = FLOAT32 / (1 - options["beta2"]) + FLOAT32 / (1 - options["beta1"])  # relative, of a step
    return plain + lost * gap


@pytest.mark.parametrize("steps", STEPS)
@pytest.mark.parametrize("dtype", [np.dtype(np.float32), np.dtype(np.float64)], ids=str)
@pytest.mark.parametrize("option", CASES)
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_steps_are_those_of_keras(option, dtype, steps, data):
    keras.config.set_floatx(dtype.name)  # of the learning rate too
    make, theirs, fixed, drawn, decay = CASES[option]
    options = data.draw(drawn)
    weight_decay = data.draw(DECAYS) if option != "AdamW" else None
    renamed = {decay if name == "decay" else KERAS_NAMES.get(name, name): value for name, value in options.items()}
    if weight_decay is not None:
        renamed["weight_decay"] = weight_decay
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    shape = data.draw(st.tuples(st.integers(1, 6), st.integers(1, 4)))
    table = rng.normal(size=shape).astype(dtype)
    gradients = stream(rng, shape, dtype, steps, data.draw(st.sampled_from([1e-3, 1.0, 30.0])))
    optimizer = make(**options)
    if weight_decay is not None:
        optimizer = ours.decayed(optimizer, options["learning_rate"], weight_decay)
    tables, memories = run(optimizer, table, gradients)
    their_tables, their_memories = their_run(theirs(**fixed, **renamed), table, gradients)
    moved = float(np.abs(np.diff(tables, axis=0)).sum(axis=0).max()) / float(np.abs(their_tables).max())
    name = option if weight_decay is None or option == "AdamW" else f"{option}, weight decay"
    assert_close(name, "Keras", tables, their_tables, allowed(dtype, steps, options, moved))
    for memory, their_memory in zip(memories, their_memories, strict=True):
        assert_close(f"{name}, memory", "Keras", memory, their_memory)


@pytest.mark.parametrize("option", CASES)
def test_the_defaults_are_those_of_keras(option):
    """Gradients of 1e-8 make eps decide, a table far from 0 makes the decay show."""
    keras.config.set_floatx("float64")
    make, theirs, fixed, _, decay = CASES[option]
    given_decay = {"momentum": 0.9} if decay == "momentum" else {}  # Keras's own default is no momentum
    for size in (1e-8, 1.0):
        table, gradients = np.full((2, 2), 3.0), [np.full((2, 2), size * sign) for sign in (1, -2, 1)]
        their_tables = their_run(theirs(learning_rate=0.1, **fixed, **given_decay), table, gradients)[0]
        tables = run(make(0.1), table, gradients)[0]
        assert_close(f"{option}, defaults", "Keras", tables, their_tables, tolerance=1e-12)
