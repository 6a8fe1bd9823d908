"""max_norm: rows that have grown too long are shortened when they are read.

PyTorch 2.13 does it in the forward pass, in place, in evaluation too; here a new table comes back. The gradient knows
nothing of it: it is that of a plain look-up in the shortened table.
"""

import numpy as np
from numpy.typing import ArrayLike

from core.records import FloatArray
from core.table import check_indices

MARGIN = 1e-7  # PyTorch's: a shortened row ends just below max_norm, so the next read leaves it alone


def renormalised(weight: FloatArray, indices: ArrayLike, max_norm: float, norm_type: float = 2.0) -> FloatArray:
    """The table (V, D), each row that is read and longer than max_norm scaled by max_norm / (norm + 1e-7).

    norm_type p is the norm's kind: (sum of |x|^p)^(1/p); inf takes the largest, 0 counts what is not zero.
    Rows that are not read keep their length. Errors as in check_indices; ValueError for a negative max_norm.
    """
    if max_norm < 0:
        raise ValueError(f"max_norm must not be negative, got {max_norm}")  # PyTorch turns the rows round
    read = np.unique(check_indices(indices, len(weight)))  # (n,), each row once however often it is read
    norms = np.linalg.norm(weight[read], norm_type, axis=1).astype(np.float64)  # (n,)
    factors = np.where(norms > max_norm, max_norm / (norms + MARGIN), 1)
    shortened = weight.copy()
    shortened[read] *= factors[:, None].astype(weight.dtype)
    return shortened
