"""Weight decay, into the gradient or beside it. Either way it moves rows that were never read."""

from core.records import FloatArray
from core.row_steps import no_sparse
from core.update import Optimizer, State


def with_l2(optimizer: Optimizer, weight_decay: float) -> Optimizer:
    """Weight decay as an L2 penalty: weight_decay times the parameters is added to the gradient."""
    if not weight_decay:
        return optimizer

    def update(gradient: FloatArray, state: State, parameters: FloatArray) -> tuple[FloatArray, State]:
        return optimizer.update(gradient + weight_decay * parameters, state, parameters)

    return Optimizer(optimizer.init, update, no_sparse("weight decay"))


def with_decoupled_decay(optimizer: Optimizer, share: float) -> Optimizer:
    """Weight decay beside the gradient: every parameter also loses this share of itself at each step."""

    def update(gradient: FloatArray, state: State, parameters: FloatArray) -> tuple[FloatArray, State]:
        delta, state = optimizer.update(gradient, state, parameters)
        return delta - share * parameters, state

    return Optimizer(optimizer.init, update, no_sparse("weight decay"))
