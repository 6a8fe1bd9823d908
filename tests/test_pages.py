"""Every page, run as Streamlit runs it: before and after a prediction, with any setting, from any link."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Widget

from core.table import dense_parameters, lookup_cost, matmul_cost
from lessons import box, checked, gradient, lookup
from lessons.course import COURSE
from lessons.gradient_step import TABLE, Settings, updates
from lessons.lab.page import KNOBS as LAB_KNOBS
from lessons.ui.knobs import Knob
from lessons.ui.lesson import Lesson, Question
from lessons.ui.numbers import MINUS, plain

ROOT = Path(__file__).parents[1]
LESSONS = pytest.mark.parametrize("lesson", COURSE, ids=lambda lesson: lesson.slug)
SLUGS = [lesson.slug for lesson in COURSE]
QUESTIONS = {"box": box.QUESTIONS, "lookup": lookup.QUESTIONS, "gradient": gradient.QUESTIONS}
LESSON_KNOBS = {"box": box.KNOBS, "lookup": lookup.KNOBS, "gradient": gradient.KNOBS}
KNOBS = {**LESSON_KNOBS, "laboratory": LAB_KNOBS, "checked": checked.KNOBS}
RESULTS = {  # what gives the answer away
    "box": ["Trainable numbers", "Finding"],
    "lookup": ["Side by side", "Multiplications", "Finding"],
    "gradient": ["Scatter-add", "0.7099", "Finding"],
}
BAD_TEXTS = ("", "-1", "99", "a", "1.5", "0 1 2 3 4 5 6 7 8", "<b>&", "²")


def _draw(slug: str) -> None:
    """The script that the tests run: one page."""
    from lessons import checked
    from lessons.course import COURSE
    from lessons.lab import page

    pages = {lesson.slug: lesson.render for lesson in COURSE}
    pages |= {"laboratory": page.render, "checked": checked.render}
    pages[slug]()


def opened(slug: str, **link: str) -> AppTest:
    """The page as a link with these parameters opens it."""
    page = AppTest.from_function(_draw, kwargs={"slug": slug}, default_timeout=60)
    for name, value in link.items():
        page.query_params[name] = value
    if slug == "laboratory":
        page.session_state["lab_more"] = True  # the expander of the further settings
    return calm(page.run())


def unlocked(slug: str, said: int = 0, **link: str) -> AppTest:
    """The page after a prediction was locked in; only lessons ask for one."""
    page = opened(slug, **link)
    if slug not in SLUGS:
        return page
    radio = page.radio(key=f"{slug}_prediction")
    radio.set_value(radio.options[said]).run()
    return calm(page.button(key=f"{slug}_lock").click().run())


def calm(page: AppTest) -> AppTest:
    """The page, if it was drawn to its end."""
    assert not page.exception, "the page raised: see the log"
    assert "Traceback" not in shown(page)
    return page


def elements(page: AppTest) -> Iterator[Any]:
    """Everything on the page, in order."""

    def below(block: Any) -> Iterator[Any]:
        for child in block.children.values():
            yield child
            yield from below(child) if hasattr(child, "children") else ()

    yield from below(page.main)


def component(page: AppTest, key: str) -> Any:
    """The data that the page hands to its component."""
    (found,) = [element for element in elements(page) if element.type == "bidi_component" and element.key == key]
    return _data(found.proto)


def _data(proto: Any) -> Any:
    """JSON, also where it is sent as bytes; the player's packed run as it is."""
    if proto.WhichOneof("data") == "json":
        return json.loads(proto.json)
    return json.loads(proto.bytes) if proto.bytes.startswith(b"{") else proto.bytes


def shown(page: AppTest) -> str:
    """All that can be read on the page, with the scenes of its walks."""
    texts = []
    for element in elements(page):
        if element.type == "bidi_component":
            data = _data(element.proto)
            texts.append("" if isinstance(data, bytes) else str(data))
        else:
            texts += [str(getattr(element, name, "")) for name in ("label", "value")]
    return "\n".join(texts)


def bare(html: str) -> str:
    """The words of a piece of HTML."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


# ---------------------------------------------------------------- prediction and result


@LESSONS
def test_a_lesson_keeps_its_result_until_a_prediction_is_locked_in(lesson: Lesson) -> None:
    before, after = shown(opened(lesson.slug)), shown(unlocked(lesson.slug))
    assert lesson.title in before
    assert lesson.question in before
    assert "sealed" in before
    assert "sealed" not in after
    for secret in RESULTS[lesson.slug]:
        assert secret not in bare(before)
        assert secret in bare(after)


@LESSONS
def test_choosing_an_answer_does_not_open_the_result_and_locking_needs_one(lesson: Lesson) -> None:
    page = opened(lesson.slug)
    assert page.button(key=f"{lesson.slug}_lock").disabled
    radio = page.radio(key=f"{lesson.slug}_prediction")
    page = calm(radio.set_value(radio.options[0]).run())
    assert "sealed" in shown(page)
    assert not page.button(key=f"{lesson.slug}_lock").disabled


@LESSONS
def test_exactly_one_prediction_is_right_and_each_is_shown_beside_the_result(lesson: Lesson) -> None:
    options = opened(lesson.slug).radio(key=f"{lesson.slug}_prediction").options
    right = []
    for place, option in enumerate(options):
        text = bare(shown(unlocked(lesson.slug, place)))
        assert option in text
        is_right, is_wrong = "As you predicted: " in text, "You predicted: " in text
        assert is_right != is_wrong
        right += [option] * is_right
    assert len(right) == 1
    assert f"It is: {right[0]}." in bare(shown(unlocked(lesson.slug, options.index(right[0]) - 1)))


@LESSONS
def test_a_visitor_who_came_by_a_link_may_skip_the_prediction_and_is_told_the_answer(lesson: Lesson) -> None:
    skip = f"{lesson.slug}_skip"
    assert not any(button.key == skip for button in opened(lesson.slug).button)
    page = opened(lesson.slug, **{"ids": "1"} if lesson.slug != "box" else {"rows": "5"})
    page = calm(page.button(key=skip).click().run())
    assert "Skipped." in shown(page)
    assert "<b>The answer:</b>" in shown(page)


# ---------------------------------------------------------------- every control, both ends


def test_the_home_page_names_every_lesson_and_what_is_still_missing() -> None:
    page = calm(AppTest.from_file(str(ROOT / "lessons" / "visit.py"), default_timeout=60).run())
    labels = {link.proto.label for link in elements(page) if link.type == "page_link"}
    assert {f"{lesson.number} {lesson.title}" for lesson in COURSE} <= labels
    assert "Still to be written" in shown(page)
    assert "Is it a CBOW?" in shown(page)


def _ends(widget: Any) -> list[Any]:
    """The extreme values of a control, or all that it offers."""
    match widget.type:
        case "slider":
            return [widget.min, widget.max]
        case "number_input":
            return [value for value in (widget.min, widget.max) if value is not None] or [-1e9, 0.0, 1e9]
        case "select_slider":
            return [float(option.replace(",", "")) for option in (widget.options[0], widget.options[-1])]
        case "selectbox" | "radio" | "button_group":
            return list(widget.options)
        case "toggle" | "checkbox":
            return [True, False]
        case "text_input" | "text_area":
            return list(BAD_TEXTS)
    assert widget.type in {"button", "file_uploader"}, widget.type
    return []


def _widgets(page: AppTest) -> dict[str, Any]:
    found = [element for element in elements(page) if isinstance(element, Widget)]
    return {f"{widget.type} {widget.key or widget.label}": widget for widget in found if not widget.disabled}


def _push_all(page: AppTest, names: set[str], seen: set[str], where: str = "") -> None:
    """Push these controls to their ends, one at a time, and at each end those that appear only there."""
    for name in sorted(names):
        if name.startswith("button "):
            calm(_widgets(page)[name].click().run())
            continue
        before, first = set(_widgets(page)), _widgets(page)[name].value
        for end in _ends(_widgets(page)[name]):
            try:
                calm(_widgets(page)[name].set_value(end).run())
            except AssertionError as error:
                raise AssertionError(f"{where}{name} = {end!r:.60}: {error}") from error
            fresh = set(_widgets(page)) - before - seen
            seen |= fresh
            _push_all(page, fresh, seen, f"{where}{name} = {end!r:.60}, ")
        if name in _widgets(page):
            calm(_widgets(page)[name].set_value(first).run())


@pytest.mark.parametrize("slug", [*SLUGS, "laboratory", "checked"])
def test_every_control_can_be_pushed_to_both_ends(slug: str) -> None:
    page = unlocked(slug)
    seen = set(_widgets(page))
    settings = {name for name, knob in KNOBS[slug].knobs.items() if knob.widget is not None}
    _push_all(page, set(seen), seen)
    pushed = {name.split()[-1].removeprefix(KNOBS[slug].page + "_") for name in seen}
    assert settings - pushed <= {"label"} if slug == "laboratory" else settings <= pushed


@pytest.mark.parametrize("text", BAD_TEXTS)
@pytest.mark.parametrize("slug", ["lookup", "gradient"])
def test_ids_that_break_a_rule_are_named_and_the_last_good_ones_stay(slug: str, text: str) -> None:
    page = unlocked(slug)
    page.text_input(key=f"{slug}_ids").set_value("3, 2").run()
    good = component(page, f"{slug}_walk")
    calm(page.text_input(key=f"{slug}_ids").set_value(text).run())
    (error,) = page.error
    assert "The figure keeps the last ids that worked." in error.value
    assert component(page, f"{slug}_walk") == good


def test_ids_outside_the_table_are_told_the_rule_and_what_came() -> None:
    page = unlocked("lookup")
    for text, came in {"-1": "-1", "1, 6": "6", "99": "99"}.items():
        page.text_input(key="lookup_ids").set_value(text).run()
        assert "[0, 6)" in page.error[0].value
        assert came in page.error[0].value


# ---------------------------------------------------------------- quiz


@pytest.mark.parametrize(
    ("slug", "place", "question"),
    [(slug, place, question) for slug, asked in QUESTIONS.items() for place, question in enumerate(asked)],
    ids=lambda value: str(value) if isinstance(value, str | int) else "",
)
def test_every_option_of_a_quiz_answers_back_and_one_is_right(slug: str, place: int, question: Question) -> None:
    page, answers = unlocked(slug), []
    for option in question.options:
        calm(page.radio(key=f"{slug}_quiz_{place}").set_value(option.text).run())
        (said,) = [html.proto.body for html in page.get("html") if re.search("<b>(Right|Not so)", html.proto.body)]
        answers.append(said)
    assert len({bare(said) for said in answers}) == len(question.options) == 4
    assert sum("Right." in said for said in answers) == 1
    assert sum("not-so" in said for said in answers) == 3


def test_right_answers_do_not_stand_at_the_same_place_everywhere() -> None:
    for questions in QUESTIONS.values():
        assert len({question.answer for question in questions}) > 1


# ---------------------------------------------------------------- the numbers of the course


def figure(page: AppTest, name: str) -> str:
    """The large number of that name, with its remark."""
    text = "\n".join(html.proto.body for html in page.get("html"))
    found = re.search(f"<dt>{re.escape(name)}</dt><dd>(.*?)</dd>", text)
    assert found is not None, name
    return bare(found[1]).strip()


def test_an_embedding_of_1000_by_64_has_64000_numbers_and_the_dense_layer_64_more() -> None:
    page = unlocked("box")
    (thousand,) = [button for button in page.button if button.label == "Embedding(1000, 64)"]
    calm(thousand.click().run())
    assert figure(page, "Trainable numbers") == "64,000 1,000 × 64"
    calm(page.button_group(key="box_layer").set_value("Dense").run())
    assert figure(page, "Trainable numbers").startswith("64,064")
    calm(page.toggle(key="box_bias").set_value(False).run())
    assert figure(page, "Trainable numbers").startswith("64,000")
    assert (dense_parameters(1000, 64, False), dense_parameters(1000, 64, True)) == (64_000, 64_064)


def test_the_drawn_table_has_the_spread_that_its_framework_promises() -> None:
    page = unlocked("box", rows="2000", columns="128")
    assert float(figure(page, "Standard deviation").split()[0][:4]) == pytest.approx(1, abs=0.01)
    calm(page.button_group(key="box_start").set_value("Keras").run())
    smallest, largest = re.findall(rf"[+{MINUS}][\d.]+", figure(page, "Smallest and largest"))
    assert (smallest, largest) == (f"{MINUS}0.05", "+0.05")


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


def _matrix(html: str, name: str) -> list[list[str]]:
    """The entries of the matrix of that name, as they are written."""
    (found,) = re.findall(rf"<figcaption><b>{re.escape(name)}</b>.*?<tbody>(.*?)</tbody>", html, re.DOTALL)
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall("<tr.*?</tr>", found)]


def test_the_worked_step_of_lesson_4_shows_the_numbers_of_the_course() -> None:
    scenes = component(unlocked("gradient"), "gradient_walk")["scenes"]
    assert len(scenes) == 3 + 1 + 3 + 1
    pool, loss, back, update = scenes[1]["html"], scenes[2]["html"], scenes[3]["html"], scenes[-1]
    assert _matrix(pool, "h, their mean") == [["+0.3667", f"{MINUS}0.1000"]]
    assert [number in bare(loss) for number in ("+0.4667", "0.6146", "0.4868")] == [True] * 3
    assert f"{MINUS}0.3854" in bare(back)
    assert _matrix(back, "∂loss/∂h") == [[f"{MINUS}0.3854", "+0.3854"]]
    rows = [["0", "0"], [f"{MINUS}0.2569", "+0.2569"], ["0", "0"], [f"{MINUS}0.1285", "+0.1285"]]
    assert _matrix(update["html"], "∂loss/∂E") == rows
    after = _matrix(update["html"], "E, updated")
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
    assert figure(page, "Against Xᵀ · ∂loss/∂H").startswith("0")
    assert re.match(r"\d\.?\d*e−\d\d", figure(page, "Against nudging each number"))
    calm(page.toggle(key="gradient_assign").set_value(True).run())
    assert "here the bug shows" in figure(page, "Against nudging each number")
    assert figure(page, "Against Xᵀ · ∂loss/∂H").startswith("0.13")


# ---------------------------------------------------------------- the exercise of lesson 4


def _round(number: int, **link: str) -> AppTest:
    page = unlocked("gradient", 0, **link)
    return calm(page.button_group(key="gradient_round").set_value(gradient.ROUNDS[number - 1]).run())


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


# ---------------------------------------------------------------- links

GOOD = {
    "box": {"layer": "Dense", "rows": "1000", "columns": "64", "bias": "off", "activation": "relu", "seed": "3"},
    "lookup": {"ids": "0,2", "rows": "4", "bias": "on", "seed": "9", "vocabulary": "50000", "batch": "1"},
    "gradient": {"ids": "0 2", "label": "0", "pooling": "sum", "rate": "2.5", "assign": "on"},
    "laboratory": {"source": "Royal houses", "head": "CBOW", "window": "3", "steps": "50", "rate": "0.1", "pad": "on"},
    "checked": {"framework": "Keras"},
}


def _field(page: AppTest, key: str) -> Any:
    (found,) = [widget for widget in elements(page) if getattr(widget, "key", None) == key]
    return found


@pytest.mark.parametrize("slug", GOOD)
def test_what_a_link_says_arrives_and_is_what_the_page_writes_back(slug: str) -> None:
    page = unlocked(slug, 0, **GOOD[slug])
    knobs = KNOBS[slug]
    for name, text in GOOD[slug].items():
        assert _field(page, knobs.key(name)).value == knobs.knobs[name].parse(text)
    assert component(page, knobs.key("link"))["settings"] == {
        name: knobs.knobs[name].write(knobs.knobs[name].parse(text)) for name, text in GOOD[slug].items()
    }
    assert not page.info


@pytest.mark.parametrize("slug", GOOD)
def test_settings_at_their_first_values_are_not_in_the_link(slug: str) -> None:
    page = unlocked(slug)
    assert component(page, KNOBS[slug].key("link"))["settings"] == {}


def _wrong(knob: Knob) -> list[str]:
    def refuses(text: str) -> bool:
        try:
            knob.parse(text)
        except ValueError:
            return True
        return False

    return list(filter(refuses, BAD_TEXTS))


@pytest.mark.parametrize(
    ("slug", "name"),
    [(slug, name) for slug, knobs in KNOBS.items() for name, knob in knobs.knobs.items() if _wrong(knob)],
)
def test_a_bad_value_in_a_link_is_named_with_its_rule_and_the_page_works(slug: str, name: str) -> None:
    for text in _wrong(KNOBS[slug].knobs[name])[::4]:
        page = opened(slug, **{name: text})
        (note,) = page.info
        assert note.value.startswith(f"In the link, {name} ")
        assert repr(text) in note.value
        assert re.search("must|at most", note.value)
    page = unlocked(slug, 0, **{name: text})
    assert component(page, KNOBS[slug].key("link"))["settings"] == {}


def test_every_setting_but_words_of_the_learner_has_a_rule() -> None:
    free = {name for knobs in KNOBS.values() for name, knob in knobs.knobs.items() if not _wrong(knob)}
    assert free == {"label", "word"}


HUGE = "9" * 5000  # Python refuses to read more than 4300 digits


@pytest.mark.parametrize(("slug", "name"), [("box", "rows"), ("lookup", "ids"), ("laboratory", "step")])
def test_a_number_of_5000_digits_in_a_link_is_told_the_rule_briefly(slug: str, name: str) -> None:
    (note,) = opened(slug, **{name: HUGE}).info
    assert "must" in note.value
    assert "int_max_str_digits" not in note.value
    assert len(note.value) < 400


@pytest.mark.parametrize("slug", ["lookup", "gradient"])
def test_an_id_of_5000_digits_is_told_the_rule_briefly(slug: str) -> None:
    page = unlocked(slug)
    calm(page.text_input(key=f"{slug}_ids").set_value(HUGE).run())
    (error,) = page.error
    assert "ids must" in error.value.lower() or "indices must" in error.value.lower()
    assert len(error.value) < 400


@pytest.mark.parametrize("slug", GOOD)
def test_a_setting_that_the_page_does_not_know_is_named(slug: str) -> None:
    page = unlocked(slug, nonsense="1")
    assert "'nonsense'" in page.info[0].value


def test_a_link_to_a_step_opens_the_walk_there() -> None:
    assert component(unlocked("gradient", step="5"), "gradient_walk")["step"] == 5
    assert component(unlocked("gradient", step="999999"), "gradient_walk")["step"] == 8
    assert component(unlocked("gradient"), "gradient_walk")["step"] == 1


# ---------------------------------------------------------------- code


@LESSONS
def test_the_numpy_code_runs_as_shown(lesson: Lesson) -> None:
    page = unlocked(lesson.slug)
    exec(page.code[0].value, {})  # it is what the learner copies


@LESSONS
def test_each_library_has_its_code(lesson: Lesson) -> None:
    page = unlocked(lesson.slug)
    seen = set()
    for name in ("numpy", "PyTorch", "Keras"):
        calm(page.button_group(key=f"{lesson.slug}_library").set_value(name).run())
        compile(page.code[0].value, name, "exec")
        seen.add(page.code[0].value)
    assert len(seen) == 3
