"""Addition of remainders: two numbers below p as two rows of one table, added up, and (a + b) mod p to be said."""

import numpy as np

from core.hidden import HiddenHead
from core.losses import softmax_loss
from core.tasks import Task, bags, equal_examples

UNITS = 64


def remainders(modulus: int) -> Task:
    """All modulus^2 sums: E[a] + E[b] -> 64 units, relu -> modulus classes."""
    first, second = np.divmod(np.arange(modulus**2), modulus)
    pairs = bags(list(np.column_stack([first, second])), modulus, mean=False)
    examples = equal_examples(pairs, (first + second) % modulus)
    return Task(HiddenHead(modulus, softmax_loss, units=UNITS, activation="relu"), examples)
