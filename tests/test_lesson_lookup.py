"""Lesson 2: a look-up and its product agree, and what each costs."""

import re
from typing import Any

import pytest

from core.table import lookup_cost, matmul_cost
from lessons.lookup_scenes import Settings
from lessons.lookup_snippets import snippets
from tests.test_pages import bare, calm, component, figure, shown, unlocked


def test_look_up_of_three_ids_needs_no_multiplication_and_the_product_54() -> None:
    assert (lookup_cost(3, 6, 3).multiplications, matmul_cost(3, 6, 3).multiplications) == (0, 54)
    assert "54 multiplications" in bare(shown(unlocked("lookup")))


def test_the_two_routes_of_lesson_2_differ_by_nothing() -> None:
    scenes = component(unlocked("lookup"), "lookup_walk")["scenes"]
    assert len(scenes) == 1 + 6 + 1
    assert scenes[-1]["caption"].startswith("<b>Side by side.</b> Largest difference: 0.")


@pytest.mark.parametrize("ids", ["1, 3, 1", "5", "0 0 0 0 0 0 0 0"])
@pytest.mark.parametrize("rows", ["6", "12"])
def test_the_product_with_a_bias_equals_the_table_with_the_bias_in_every_row(ids: str, rows: str) -> None:
    page = unlocked("lookup", ids=ids, rows=rows, bias="on", seed="7")
    assert re.search(r"again: (largest )?difference 0\.$", component(page, "lookup_walk")["scenes"][-1]["caption"])


def test_the_cost_of_the_product_grows_with_the_table_and_that_of_look_up_does_not() -> None:
    page = unlocked("lookup", batch="256")
    seen = []
    for rows in (1000, 50_000):
        calm(page.select_slider(key="lookup_vocabulary").set_value(rows).run())
        seen.append((figure(page, "Multiplications"), figure(page, "Size of the input")))
    assert seen[0][0].startswith(f"0 and {256 * 1000 * 64:,}")
    assert seen[1][0].startswith(f"0 and {256 * 50_000 * 64:,}")
    assert seen[1][1].startswith("2.05 KB and 51.2 MB")


def test_ids_outside_the_table_are_told_the_rule_and_what_came() -> None:
    page = unlocked("lookup")
    for text, came in {"-1": "-1", "1, 6": "6", "99": "99"}.items():
        page.text_input(key="lookup_ids").set_value(text).run()
        assert "[0, 6)" in page.error[0].value
        assert came in page.error[0].value


def test_the_task_is_done_by_a_bias() -> None:
    page = unlocked("lookup")
    assert "Done:" not in shown(page)
    calm(page.toggle(key="lookup_bias").set_value(True).run())
    assert "with a bias the two differ by up to 1." in shown(page)


@pytest.mark.parametrize("bias", [False, True])
def test_the_values_in_the_numpy_code_come_out(bias: bool) -> None:
    code = snippets(Settings(ids=(0, 11, 5, 5), rows=12, bias=bias, seed=7))["numpy"]
    *lines, last = code.split("\n")
    scope: dict[str, Any] = {}
    exec("\n".join(lines), scope)
    assert eval(last, scope)  # its comment says True
    if bias:
        call, _, value = lines[-1].partition("#")
        assert eval(call, scope) == pytest.approx(float(value), abs=1e-3)
