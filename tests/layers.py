"""Hypothesis strategies for small layers: finite numbers only, since 0 x nan is a lesson of its own and not a bug."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

DTYPES = (np.float32, np.float64)


@st.composite
def tables(draw, dtype=None):
    """A table (V, D) of finite numbers."""
    shape = draw(st.tuples(st.integers(1, 7), st.integers(1, 5)))
    dtype = dtype or draw(st.sampled_from(DTYPES))
    return draw(nps.arrays(dtype, shape, elements=st.floats(-100, 100, width=32)))


@st.composite
def layers(draw, dtype=None):
    """A table and ids that it owns, of any shape, the empty ones among them."""
    weight = draw(tables(dtype))
    shape = draw(nps.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
    ids = draw(nps.arrays(np.int64, shape, elements=st.integers(0, len(weight) - 1)))
    return weight, ids


@st.composite
def backward_passes(draw, dtype=None):
    """A number of rows, ids, and a gradient for every row that came out."""
    weight, ids = draw(layers(dtype))
    gradients = st.floats(-10, 10, width=32)
    return len(weight), ids, draw(nps.arrays(weight.dtype, (*ids.shape, weight.shape[1]), elements=gradients))


def trained_form(task, parameters, examples=None):
    """Loss and gradients by the form to train with: one pass of the head through all examples."""
    examples = task.examples if examples is None else examples
    into = {name: np.full_like(array, np.nan) for name, array in parameters.items()}
    both_ways = task.head.prepare(parameters, into, len(examples))
    both_ways.begin(examples)
    both_ways.forward(0)
    loss = both_ways.loss()
    both_ways.backward()
    return loss, into
