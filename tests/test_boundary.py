"""The line on which two outputs are equal."""

import numpy as np
import pytest

from core.boundary import decision_line
from core.table import dense


def test_both_outputs_are_equal_all_along_the_line() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        kernel, bias, reach = rng.normal(size=(2, 2)), rng.normal(size=2), rng.uniform(1, 9)
        ends = decision_line(kernel, bias, reach)
        outputs = dense(np.array([ends[0], ends.mean(axis=0), ends[1]]), kernel, bias)
        np.testing.assert_allclose(outputs[:, 0], outputs[:, 1], atol=1e-9)
        assert np.linalg.norm(ends[1] - ends[0]) == pytest.approx(2 * reach)


def test_equal_outputs_have_no_line() -> None:
    with pytest.raises(ValueError, match="must differ somewhere"):
        decision_line(np.ones((2, 2)), np.zeros(2), 1)
