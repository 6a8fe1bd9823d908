"""Lesson 4: the worked step to four digits, and the steps with blanks."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lessons.gradient_questions import ROUNDS
from lessons.gradient_step import TABLE, Settings, updates
from lessons.ui.numbers import MINUS, plain
from tests.test_pages import bare, calm, component, figure, matrix_of, shown, unlocked


def test_the_worked_step_of_lesson_4_shows_the_numbers_of_the_course() -> None:
    scenes = component(unlocked("gradient"), "gradient_walk")["scenes"]
    assert len(scenes) == 3 + 1 + 3 + 1
    pool, loss, back, update = scenes[1]["html"], scenes[2]["html"], scenes[3]["html"], scenes[-1]
    assert matrix_of(pool, "h, their mean") == [["+0.3667", f"{MINUS}0.1000"]]
    assert [number in bare(loss) for number in ("+0.4667", "0.6146", "0.4868")] == [True] * 3
    assert f"{MINUS}0.3854" in bare(back)
    assert matrix_of(back, "∂loss/∂h") == [[f"{MINUS}0.3854", "+0.3854"]]
    rows = [["0", "0"], [f"{MINUS}0.2569", "+0.2569"], ["0", "0"], [f"{MINUS}0.1285", "+0.1285"]]
    assert matrix_of(update["html"], "∂loss/∂E") == rows
    after = matrix_of(update["html"], "E, updated")
    assert after[1] == ["+0.6569", f"{MINUS}0.5569"]
    assert after[3] == ["+0.4285", "+0.1715"]
    assert "p moves from 0.6146 to 0.7099" in update["caption"]


def test_the_page_and_core_agree_on_the_worked_step() -> None:
    update = updates(Settings((1, 3, 1), label=1, pooling="mean", rate=1.0, assign=False))[0]
    page = unlocked("gradient")
    assert figure(page, "p before and after").startswith(
        f"{plain(update.step.probabilities[0, 0])} → {plain(update.probability_after)}"
    )
    np.testing.assert_allclose(update.step.pooled[0], TABLE[[1, 3, 1]].mean(axis=0))
    np.testing.assert_array_equal(update.after[[0, 2]], TABLE[[0, 2]])


def test_each_number_of_the_worked_step_is_checked_by_two_other_routes() -> None:
    page = unlocked("gradient")
    assert figure(page, "Against Xᵀ · ∂loss/∂H") == "Agrees differs by 0"
    assert re.fullmatch(r"Agrees differs by \d\.?\d*e−\d\d, rounding", figure(page, "Against nudging each number"))
    calm(page.toggle(key="gradient_assign").set_value(True).run())
    assert "here the bug shows" in figure(page, "Against nudging each number")
    assert figure(page, "Against Xᵀ · ∂loss/∂H").startswith("Differs by up to 0.13")


# ---------------------------------------------------------------- the exercise of lesson 4


def _round(number: int, **link: str) -> AppTest:
    page = unlocked("gradient", 0, **link)
    return calm(page.button_group(key="gradient_round").set_value(ROUNDS[number - 1]).run())


def _blanks(page: AppTest) -> list[Any]:
    return [field for field in page.number_input if field.key and field.key.startswith("gradient_blank")]


def _answers(number: int, pooling: str = "mean", rate: float = 1.0) -> list[float]:
    """The chain of lesson 4 by plain arithmetic: z, p, dz, the first number of row 1 in gradient and table, new p."""
    table, ids, u = np.array([[0.1, 0.2], [0.4, -0.3], [-0.2, 0.5], [0.3, 0.3]]), [1, 3, 1], np.array([1.0, -1.0])
    share = 1 / 3 if pooling == "mean" else 1.0

    def score() -> float:
        return float(table[ids].sum(axis=0) @ u * share)

    for _ in range(number):
        z = score()
        p = 1 / (1 + np.exp(-z))
        first = (p - 1) * share * 2
        for index in ids:
            table[index] -= rate * (p - 1) * share * u
    return [z, p, p - 1, first, table[1, 0], 1 / (1 + np.exp(-score()))]


@pytest.mark.parametrize("link", [{}, {"pooling": "sum", "rate": "0.5"}])
@pytest.mark.parametrize(("number", "asked"), [(2, [3, 5]), (3, [0, 1, 2, 3, 4, 5])])
def test_right_answers_with_three_decimals_are_accepted(number: int, asked: list[int], link: dict[str, str]) -> None:
    page = _round(number, **link)
    answers = _answers(number, link.get("pooling", "mean"), float(link.get("rate", 1)))
    assert len(_blanks(page)) == len(asked)
    for place, at in enumerate(asked):
        assert "All right." not in shown(page)
        calm(_blanks(page)[place].set_value(round(answers[at], 3)).run())
    assert "All right." in shown(page)
    assert shown(page).count(":material/check: Right") == len(asked)


@pytest.mark.parametrize(
    ("slip", "hint"),
    [
        (lambda value: -value, "The sign is turned."),
        (lambda value: value * 3, "before the mean shares it out"),
        (lambda value: value / 3, "divides by the number of ids once too often"),
        (lambda value: value / 2, "its gradients add up"),
        (lambda value: value + 1, "Not yet."),
    ],
)
def test_a_usual_slip_in_the_gradient_is_named(slip: Callable[[float], float], hint: str) -> None:
    page = _round(2)
    calm(_blanks(page)[0].set_value(round(slip(_answers(2)[3]), 3)).run())
    assert hint in shown(page)
    assert "All right." not in shown(page)


def test_a_hint_about_the_mean_is_not_given_for_a_probability() -> None:
    page = _round(2)
    for wrong in (3.0, 1 / 3, 0.5):
        calm(_blanks(page)[1].set_value(round(_answers(2)[5] * wrong, 3)).run())
        assert "shares it out" not in shown(page)
        assert "its gradients add up" not in shown(page)


# ---------------------------------------------------------------- the walk and the task


def test_a_link_to_a_step_opens_the_walk_there() -> None:
    assert component(unlocked("gradient", step="5"), "gradient_walk")["step"] == 5
    assert component(unlocked("gradient", step="999999"), "gradient_walk")["step"] == 8
    assert component(unlocked("gradient"), "gradient_walk")["step"] is None


@pytest.mark.parametrize(("ids", "hidden"), [("1, 3, 1", False), ("3", False), ("1, 3", True), ("0, 2, 3", True)])
def test_the_task_is_done_by_ids_that_hide_the_bug(ids: str, hidden: bool) -> None:
    page = unlocked("gradient", ids=ids)
    assert "Done:" not in shown(page)
    calm(page.toggle(key="gradient_assign").set_value(True).run())
    assert ("assigning equals adding" in shown(page)) == hidden
