"""Lesson 1: how many numbers an Embedding and a Dense layer store."""

import re
from typing import Any

import numpy as np
import pytest

from core.initializers import STARTS
from core.table import dense_parameters
from lessons.box_snippets import dense_in_numpy, embedding_in_numpy
from lessons.ui.numbers import MINUS
from tests.test_pages import calm, figure, shown, unlocked


def test_an_embedding_of_1000_by_64_has_64000_numbers_and_the_dense_layer_64_more() -> None:
    page = unlocked("box")
    (thousand,) = [button for button in page.button if button.label == "See it: Embedding(1000, 64)"]
    calm(thousand.click().run())
    assert figure(page, "Trainable numbers") == "64,000 1,000 × 64; Dense with its bias: 64,064"
    calm(page.button_group(key="box_layer").set_value("Dense").run())
    assert figure(page, "Trainable numbers") == "64,064 1,000 × 64 + 64; Embedding: 64,000"
    calm(page.toggle(key="box_bias").set_value(False).run())
    assert figure(page, "Trainable numbers").startswith("64,000")
    assert (dense_parameters(1000, 64, False), dense_parameters(1000, 64, True)) == (64_000, 64_064)


def test_the_drawn_table_has_the_spread_that_its_framework_promises() -> None:
    page = unlocked("box", rows="2000", columns="128")
    assert float(figure(page, "Standard deviation").split()[0][:4]) == pytest.approx(1, abs=0.01)
    calm(page.button_group(key="box_start").set_value("Keras").run())
    smallest, largest = re.findall(rf"[+{MINUS}][\d.]+", figure(page, "Smallest and largest"))
    assert (smallest, largest) == (f"{MINUS}0.05", "+0.05")


def test_the_parts_that_an_embedding_lacks_are_named_as_absent() -> None:
    text = shown(unlocked("box"))
    assert text.count('<li class="absent">') == 2
    assert shown(unlocked("box", layer="Dense", activation="relu")).count('<li class="absent">') == 0


@pytest.mark.parametrize(("rows", "columns"), [(2, 1), (8, 3), (1000, 64)])
def test_the_task_is_done_when_the_dense_layer_has_lost_its_bias(rows: int, columns: int) -> None:
    page = unlocked("box", rows=str(rows), columns=str(columns))
    calm(page.button_group(key="box_layer").set_value("Dense").run())
    assert "Done:" not in shown(page)
    calm(page.toggle(key="box_bias").set_value(False).run())
    assert f"the same V × D numbers, {rows * columns:,}." in shown(page)
    calm(page.button_group(key="box_layer").set_value("Embedding").run())
    assert "Done:" in shown(page)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("bias", [False, True])
def test_the_numpy_code_draws_the_layer_on_the_screen(start: str, bias: bool) -> None:
    scope: dict[str, Any] = {}
    exec(embedding_in_numpy(8, 3, start, 5), scope)
    np.testing.assert_array_equal(scope["E"], STARTS[start].table(np.random.default_rng(5), 8, 3))
    code = dense_in_numpy(8, 3, start, 5, bias, relu=True)
    exec(code, scope)
    rng = np.random.default_rng(5)
    kernel, biases = STARTS[start].kernel(rng, 8, 3), STARTS[start].bias(rng, 8, 3)
    np.testing.assert_array_equal(scope["W"], kernel)
    output = eval(code.splitlines()[-1], scope)
    np.testing.assert_array_equal(output, np.maximum(kernel[[1, 0, 1]] + (biases if bias else 0), 0))
