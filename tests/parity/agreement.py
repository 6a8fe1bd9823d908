"""How closely two results must agree, and the layers that are drawn for it."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from tests.layers import DTYPES
from tests.parity.report import seen

FLOAT64 = 1e-12
# Up to 40 terms of size 1 to 4 are added in another order, through partial sums of up to 100 (whose ulp is 64 of 1's).
FLOAT32 = 128 * float(np.finfo(np.float32).eps)


def agrees(option: str, framework: str, ours: Any, theirs: Any) -> None:
    """Note the relative difference, and fail if it is more than rounding."""
    theirs = np.asarray(theirs)
    difference = seen(option, framework, str(theirs.dtype), ours, theirs)
    assert difference <= allowed(theirs), f"{option}: {difference}\nours {ours}\n{framework} {theirs}"


def allowed(theirs: np.ndarray) -> float:
    """How large a relative difference may be. What goes in is of size 1, so a float32 sum below 1 has cancelled."""
    if theirs.dtype != np.float32:
        return FLOAT64
    size = float(np.abs(theirs[np.isfinite(theirs)]).max(initial=0))
    return FLOAT32 / min(1, size) if size else FLOAT32


@st.composite
def random_layers(draw, max_dims=2):
    """A table, ids with many repeats, and a gradient for every row that came out: ordinary numbers of one dtype."""
    rows, columns = draw(st.tuples(st.integers(1, 12), st.integers(1, 9)))
    shape = draw(nps.array_shapes(min_dims=1, max_dims=max_dims, min_side=1, max_side=6))
    ids = draw(nps.arrays(np.int64, shape, elements=st.integers(0, rows - 1)))
    dtype = draw(st.sampled_from(DTYPES))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    numbers = (rng.normal(size=size).astype(dtype) for size in ((rows, columns), (*shape, columns)))
    return *numbers, ids


@st.composite
def random_bags(draw):
    """A table, ids (N,) or (B, L), offsets (B,) or None, padding_idx or None, and a gradient for each bag."""
    ragged = draw(st.booleans())
    weight, _, ids = draw(random_layers(max_dims=2).filter(lambda layer: ragged or layer[2].ndim == 2))
    offsets = None
    if ragged:
        ids = ids.ravel()
        cuts = st.lists(st.integers(0, ids.size), max_size=5)
        offsets = np.array([0, *sorted(draw(cuts))])
    padding_idx = draw(st.none() | st.integers(-len(weight), len(weight) - 1))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    bags = len(ids) if offsets is None else len(offsets)
    return weight, ids, offsets, padding_idx, rng.normal(size=(bags, weight.shape[1])).astype(weight.dtype)
