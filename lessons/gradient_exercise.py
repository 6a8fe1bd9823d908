"""The second and third step of lesson 4: the same computation with numbers left out."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from lessons.gradient_step import WORDS, Settings, Update
from lessons.ui.matrix import flow, matrix
from lessons.ui.numbers import MINUS, plain, signed
from lessons.ui.prose import callout

CLOSE = 6e-4  # an answer with three decimals counts


class Blank(NamedTuple):
    """One number of the chain: its name, its value, and the rule that gives it."""

    name: str
    value: float
    rule: str
    shared: bool = False  # the pool shares it out, and repeats add up in it


def exercise(settings: Settings, update: Update, number: int) -> None:
    """Step 2 leaves out two numbers, step 3 all of them."""
    chain = _chain(settings, update)
    blanks = (3, 5) if number == 2 else tuple(range(len(chain)))
    row, length = settings.ids[0], len(settings.ids) if settings.pooling == "mean" else 1
    st.html(flow(matrix(update.before, f"E before step {number}", row_labels=WORDS, chosen=settings.ids, dim=True)))
    read = ", ".join(map(str, settings.ids))
    given = f"y = {settings.label}, u = [1, {MINUS}1], learning rate {plain(settings.rate)}"
    task = "the two blanks" if number == 2 else "the chain"
    st.markdown(f"The ids {read} are read again: {given}. Fill in {task} with three decimals.")
    right = 0
    for place, (column, blank) in enumerate(zip(_columns(len(chain)), chain, strict=True)):
        with column:
            if place in blanks:
                right += _ask(
                    f"gradient_blank_{number}_{place}", blank, length, 1 if settings.assign else settings.ids.count(row)
                )
            else:
                st.markdown(f"{blank.name}: **{signed(blank.value)}**", help=blank.rule)
    if right == len(blanks):
        callout(f"<b>All right.</b> Step {number} takes p from {plain(chain[1].value)} to {plain(chain[5].value)}.")


def _columns(count: int) -> list[st.delta_generator.DeltaGenerator]:
    return [column for _ in range(-(-count // 3)) for column in st.columns(3)][:count]


def _chain(settings: Settings, update: Update) -> tuple[Blank, ...]:
    step, row = update.step, settings.ids[0]
    shared = "shared out by the mean, " if settings.pooling == "mean" else ""
    times = "once: assigning keeps the last." if settings.assign else "once for every time the row was read."
    return (
        Blank("z", float(step.logits[0, 0]), f"h · u, where h is the {settings.pooling} of the rows read."),
        Blank("p", float(step.probabilities[0, 0]), f"1 / (1 + exp({MINUS}z))."),
        Blank("∂loss/∂z", float(step.grad_logits[0, 0]), f"p {MINUS} y, with y = {settings.label}."),
        Blank(
            f"∂loss/∂E, row {row}, d0",
            float(update.gradient[row, 0]),
            f"∂loss/∂z times u, {shared}{times}",
            shared=True,
        ),
        Blank(f"New E, row {row}, d0", float(update.after[row, 0]), f"Old value {MINUS} learning rate × gradient."),
        Blank("New p", update.probability_after, "The forward pass again, with the updated table."),
    )


def _ask(key: str, blank: Blank, length: int, repeats: int) -> bool:
    given = st.number_input(
        blank.name, value=None, format="%.4f", step=0.001, key=key, persist_state="session", help=blank.rule
    )
    if given is None:
        return False
    if abs(given - blank.value) <= CLOSE:
        st.caption(f":material/check: Right: {signed(blank.value)}")
        return True
    st.caption(f":material/close: Not yet. {_slip(given, blank, length, repeats)}{blank.rule}")
    return False


def _slip(given: float, blank: Blank, length: int, repeats: int) -> str:
    """The usual slips, named where the answer shows one; `length` is what the pool divides by."""
    value = blank.value
    slips = [(-value, "The sign is turned. ")]
    if blank.shared:
        slips += [
            (value * length, "This is the gradient before the mean shares it out. "),
            (value / length, "This divides by the number of ids once too often. "),
            (value / repeats, "The row was read more than once: its gradients add up. "),
        ]
    return next((hint for slip, hint in slips if value and np.isclose(given, slip, atol=CLOSE)), "")
