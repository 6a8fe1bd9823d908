"""A head with a hidden layer: what a Dense layer adds behind the table, and the table itself never has.

ids -> table -> pool the rows -> hidden layer, kernel and bias and activation -> linear layer -> loss
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.examples import Examples
from core.gradient import scatter_add
from core.heads import HeadStep, LinearHead
from core.initializers import glorot_uniform
from core.losses import Loss
from core.pools import pool_rows, spread_rows
from core.records import FloatArray, Parameters
from core.table import lookup
from core.tasks import Task


class Activation(NamedTuple):
    """A bend in the line, and its slope as a function of what came out."""

    of: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray], FloatArray]


def _rectified(inputs: FloatArray) -> FloatArray:
    return np.asarray(np.maximum(inputs, 0))


def _rectified_slope(hidden: FloatArray) -> FloatArray:
    slope: FloatArray = (hidden > 0).astype(hidden.dtype)
    return slope


ACTIVATIONS = {
    "tanh": Activation(np.tanh, lambda hidden: 1 - hidden * hidden),
    "relu": Activation(_rectified, _rectified_slope),
}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class HiddenStep(HeadStep):
    """A step through a hidden layer of U units, which stands between `pooled` and `logits`."""

    hidden: FloatArray  # (N, U), after the activation
    grad_hidden: FloatArray  # (N, U), what the linear layer hands back
    grad_inputs: FloatArray  # (N, U), the same before the activation


@dataclass(frozen=True, slots=True)
class HiddenHead:
    """The pools of an example, side by side -> hidden layer (S * D, U) -> linear layer (U, C) -> loss.

    Its parameters: hidden_kernel (S * D, U), hidden_bias (U,), kernel (U, C), bias (C,).
    """

    num_outputs: int
    loss: Loss
    slots: int = 1  # S, pools an example
    units: int = 16  # U
    activation: str = "tanh"  # of ACTIVATIONS

    def start(self, rng: np.random.Generator, embedding_dim: int, scale: float) -> Parameters:
        """Biases 0, both kernels Glorot uniform, as keras.layers.Dense has them: `scale` is for the table alone.

        A product of two layers that both start near 0 would hardly move for the first hundreds of steps.
        """
        return {
            "hidden_kernel": glorot_uniform(rng, self.slots * embedding_dim, self.units),
            "hidden_bias": np.zeros(self.units),
            "kernel": glorot_uniform(rng, self.units, self.num_outputs),
            "bias": np.zeros(self.num_outputs),
        }

    def step(self, parameters: Parameters, examples: Examples) -> HiddenStep:
        weight, kernel, hidden_kernel = parameters["weight"], parameters["kernel"], parameters["hidden_kernel"]
        activation = ACTIVATIONS[self.activation]
        indices, shares, pool = examples.bags.indices, examples.bags.shares, examples.bags.pool
        rows = lookup(weight, indices)  # (M, D)
        pools = scatter_add(pool, shares[:, None] * rows, len(examples.bags))  # (N * S, D)
        pooled = pools.reshape(len(examples), -1)  # (N, S * D)
        hidden = activation.of(pooled @ hidden_kernel + parameters["hidden_bias"])  # (N, U)
        logits = hidden @ kernel + parameters["bias"]  # (N, C)
        probabilities, losses, errors = self.loss(logits, examples.targets)
        grad_logits = examples.importance[:, None] * errors
        grad_hidden = grad_logits @ kernel.T  # (N, U)
        grad_inputs = grad_hidden * activation.slope(hidden)
        grad_pooled = grad_inputs @ hidden_kernel.T  # (N, S * D)
        grad_rows = shares[:, None] * grad_pooled.reshape(pools.shape)[pool]  # (M, D)
        grad_head = {
            "hidden_kernel": pooled.T @ grad_inputs,
            "hidden_bias": grad_inputs.sum(axis=0),
            "kernel": hidden.T @ grad_logits,
            "bias": grad_logits.sum(axis=0),
        }
        return HiddenStep(
            indices=indices,
            example=pool // self.slots,
            shares=shares,
            rows=rows,
            pooled=pooled,
            hidden=hidden,
            logits=logits,
            probabilities=probabilities,
            losses=losses,
            loss=float(examples.importance @ losses),
            grad_logits=grad_logits,
            grad_hidden=grad_hidden,
            grad_inputs=grad_inputs,
            grad_head=grad_head,
            grad_pooled=grad_pooled,
            grad_rows=grad_rows,
            grad_weight=scatter_add(indices, grad_rows, len(weight)),
        )

    def gradient(self, parameters: Parameters, examples: Examples, into: Parameters) -> float:
        kernel, hidden_kernel = parameters["kernel"], parameters["hidden_kernel"]
        activation = ACTIVATIONS[self.activation]
        pools = pool_rows(examples.bags, parameters["weight"])
        pooled = pools.reshape(len(examples), len(hidden_kernel))
        inputs = pooled @ hidden_kernel
        inputs += parameters["hidden_bias"]
        hidden = activation.of(inputs)
        logits = hidden @ kernel
        logits += parameters["bias"]
        _, losses, errors = self.loss(logits, examples.targets)
        importance = examples.importance[:, None]
        np.matmul((importance * hidden).T, errors, out=into["kernel"])
        np.matmul(examples.importance, errors, out=into["bias"])
        grad_inputs = errors @ kernel.T
        grad_inputs *= activation.slope(hidden)
        grad_inputs *= importance
        np.matmul(pooled.T, grad_inputs, out=into["hidden_kernel"])
        np.add.reduce(grad_inputs, axis=0, out=into["hidden_bias"])
        spread_rows(examples.bags, (grad_inputs @ hidden_kernel.T).reshape(pools.shape), into["weight"])
        return float(examples.importance @ losses)


def with_hidden(task: Task, units: int = 16, activation: str = "tanh") -> Task:
    """The same examples and loss, with a hidden layer before the linear one."""
    if activation not in ACTIVATIONS or units < 1:
        raise ValueError(f"a hidden layer needs units and one of {list(ACTIVATIONS)}, got {units}, {activation!r}")
    if not isinstance(task.head, LinearHead):
        raise TypeError(f"only a LinearHead has a place for a hidden layer, got {type(task.head).__name__}")
    head = task.head
    return Task(HiddenHead(head.num_outputs, head.loss, head.slots, units, activation), task.examples)
