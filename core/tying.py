"""A tied output: the table that is read on the way in is also the kernel that scores every word on the way out.

No second table, so its parameters count once; both uses add their gradient, and from the scores every row gets one.
As `output.weight = embedding.weight` in PyTorch 2.13; Keras 3.15 calls it ReversibleEmbedding, Flax `attend`.
"""

from typing import NamedTuple

from numpy.typing import ArrayLike

from core.gradient import scatter_add
from core.records import FloatArray


class TiedGradients(NamedTuple):
    """What the scores hand back: to the hidden vectors below them, and to the table that they share."""

    hidden: FloatArray  # (N, D)
    weight: FloatArray  # (V, D)


def tied_logits(hidden: FloatArray, weight: FloatArray) -> FloatArray:
    """The score of every row of weight (V, D) for each hidden vector (N, D): (N, V)."""
    return hidden @ weight.T


def tied_logits_gradients(hidden: FloatArray, weight: FloatArray, grad_logits: FloatArray) -> TiedGradients:
    """Backward of tied_logits, grad_logits (N, V)."""
    return TiedGradients(hidden=grad_logits @ weight, weight=grad_logits.T @ hidden)


def tied_gradient(
    indices: ArrayLike, grad_output: FloatArray, hidden: FloatArray, grad_logits: FloatArray
) -> FloatArray:
    """The gradient of a table used twice (V, D): of reading indices (...), grad_output (..., D), and of the scores.

    hidden (N, D) and grad_logits (N, V) are those of the scores. Errors as in scatter_add.
    """
    return scatter_add(indices, grad_output, grad_logits.shape[1]) + grad_logits.T @ hidden
