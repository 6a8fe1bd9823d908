"""Where a linear layer with two outputs changes its mind: a line in the plane of what it reads."""

import numpy as np

from core.records import FloatArray


def decision_line(kernel: FloatArray, bias: FloatArray, reach: float) -> FloatArray:
    """Two points (2, 2), `reach` to both sides of the one nearest to 0, where both outputs are equal.

    kernel (2, 2), columns are outputs; bias (2,). Raises ValueError if the outputs do not depend on what is read.
    """
    normal, offset = kernel[:, 1] - kernel[:, 0], bias[1] - bias[0]
    square = float(normal @ normal)
    if not square > 0:
        raise ValueError("the two outputs must differ somewhere, got equal columns")
    middle = -offset / square * normal
    along = np.array([-normal[1], normal[0]]) / np.sqrt(square)
    return np.stack([middle - reach * along, middle + reach * along])
