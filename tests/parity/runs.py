"""What the comparisons of optimizers share: how close is close, and what a run of some steps leaves behind."""

import numpy as np

from tests.parity.report import seen

STEPS = (1, 20)
FLOAT32 = float(np.finfo(np.float32).eps)
TOLERANCES = {
    ("float64", 1): 1e-12,
    ("float64", 20): 1e-10,
    ("float32", 1): 16 * FLOAT32,
    ("float32", 20): 128 * FLOAT32,
}


def assert_close(option, framework, ours, theirs, tolerance=None):
    """Compare two runs (T + 1, ...), relative to the largest number of the run: one that cancels has no digits left."""
    ours, theirs = np.array(ours), np.array(theirs)
    steps, dtype = len(theirs) - 1, ours.dtype.name
    name = f"{option}, {steps} step{'s' if steps > 1 else ''}"
    allowed = TOLERANCES[dtype, steps] if tolerance is None else tolerance
    assert seen(name, framework, dtype, ours, theirs) <= allowed, name


def stream(rng, shape, dtype, steps, scale):
    """Gradients (T, V, D) of which a row is 0 in three steps of ten, as if it had not been read."""
    read = rng.random((steps, shape[0], 1)) < 0.7
    return (rng.normal(size=(steps, *shape)) * scale * read).astype(dtype)


def run(optimizer, table, gradients):
    """The table at the start and after each step (T + 1, V, D), and so each array of the optimizer's memory."""
    state = optimizer.init(table)
    tables, memories = [table], [state.memory]
    for gradient in gradients:
        delta, state = optimizer.update(gradient, state, tables[-1])
        tables.append(tables[-1] + delta)
        memories.append(state.memory)
    return tables, list(zip(*memories, strict=True))
