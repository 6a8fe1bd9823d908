"""A head with a hidden layer: what a Dense layer adds behind the table, and the table itself never has.

ids -> table -> pool the rows -> hidden layer, kernel and bias and activation -> linear layer -> loss
"""

from dataclasses import dataclass

import numpy as np

from core.activations import ACTIVATIONS
from core.examples import Examples
from core.heads import HeadStep, LinearHead, rows_and_pools, table_gradients
from core.initializers import glorot_uniform
from core.losses import Loss
from core.passes import Pass
from core.pools import pool_rows, spread_rows
from core.records import FloatArray, Parameters
from core.tasks import Task


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
        rows, pools = rows_and_pools(weight, examples.bags)  # (M, D), (N * S, D)
        pooled = pools.reshape(len(examples), -1)  # (N, S * D)
        hidden = activation.of(pooled @ hidden_kernel + parameters["hidden_bias"])  # (N, U)
        logits = hidden @ kernel + parameters["bias"]  # (N, C)
        probabilities, losses, errors = self.loss(logits, examples.targets)
        grad_logits = examples.importance[:, None] * errors
        grad_hidden = grad_logits @ kernel.T  # (N, U)
        grad_inputs = grad_hidden * activation.slope(hidden)
        grad_pooled = grad_inputs @ hidden_kernel.T  # (N, S * D)
        grad_rows, grad_weight = table_gradients(examples.bags, grad_pooled.reshape(pools.shape))
        grad_head = {
            "hidden_kernel": pooled.T @ grad_inputs,
            "hidden_bias": grad_inputs.sum(axis=0),
            "kernel": hidden.T @ grad_logits,
            "bias": grad_logits.sum(axis=0),
        }
        return HiddenStep(
            indices=examples.bags.indices,
            example=examples.bags.pool // self.slots,
            shares=examples.bags.shares,
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
            grad_weight=grad_weight,
        )

    def prepare(self, parameters: Parameters, into: Parameters, number: int) -> Pass:
        return HiddenPass(self, parameters, into, number)


class HiddenPass:
    """The same forward and backward, for training: see core/passes.py."""

    def __init__(self, head: HiddenHead, parameters: Parameters, into: Parameters, number: int) -> None:
        self._parameters, self._into, self._number = parameters, into, number
        self._loss, self._activation = head.loss, ACTIVATIONS[head.activation]

    def begin(self, examples: Examples) -> None:
        self._all = examples

    def forward(self, start: int) -> None:
        parameters = self._parameters
        self._examples = self._all.part(start, start + self._number)
        self._pools = pool_rows(self._examples.bags, parameters["weight"])
        self._pooled = self._pools.reshape(self._number, len(parameters["hidden_kernel"]))
        inputs = self._pooled @ parameters["hidden_kernel"]
        inputs += parameters["hidden_bias"]
        self._hidden = self._activation.of(inputs)
        logits = self._hidden @ parameters["kernel"]
        logits += parameters["bias"]
        _, self._losses, self._errors = self._loss(logits, self._examples.targets)

    def loss(self) -> float:
        return float(self._examples.importance @ self._losses)

    def backward(self) -> None:
        parameters, into, importance = self._parameters, self._into, self._examples.importance
        np.matmul((importance[:, None] * self._hidden).T, self._errors, out=into["kernel"])
        np.matmul(importance, self._errors, out=into["bias"])
        grad_inputs = self._errors @ parameters["kernel"].T
        grad_inputs *= self._activation.slope(self._hidden)
        grad_inputs *= importance[:, None]
        np.matmul(self._pooled.T, grad_inputs, out=into["hidden_kernel"])
        np.add.reduce(grad_inputs, axis=0, out=into["hidden_bias"])
        grad_pooled = grad_inputs @ parameters["hidden_kernel"].T
        spread_rows(self._examples.bags, grad_pooled.reshape(self._pools.shape), into["weight"])


def with_hidden(task: Task, units: int = 16, activation: str = "tanh") -> Task:
    """The same examples and loss, with a hidden layer before the linear one."""
    if activation not in ACTIVATIONS or units < 1:
        raise ValueError(f"a hidden layer needs units and one of {list(ACTIVATIONS)}, got {units}, {activation!r}")
    if not isinstance(task.head, LinearHead):
        raise TypeError(f"only a LinearHead has a place for a hidden layer, got {type(task.head).__name__}")
    head = task.head
    return Task(HiddenHead(head.num_outputs, head.loss, head.slots, units, activation), task.examples)
