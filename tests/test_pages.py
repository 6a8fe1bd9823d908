"""Every page, run as Streamlit runs it: before and after a prediction, with any setting, from any link.

Lessons are tested by what they say of themselves: one that is added to COURSE needs no entry here. What is special to
a lesson stands in tests/test_lesson_<slug>.py.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Widget

from lessons import checked, glossary
from lessons.course import COURSE
from lessons.lab.page import KNOBS as LAB_KNOBS
from lessons.ui.knobs import Arrival, Knob, Knobs, toggle
from lessons.ui.lesson import OWN_KEYS, Lesson, Option

ROOT = Path(__file__).parents[1]
LESSONS = pytest.mark.parametrize("lesson", COURSE, ids=lambda lesson: lesson.slug)
BY_SLUG = {lesson.slug: lesson for lesson in COURSE}
KNOBS = {lesson.slug: lesson.knobs for lesson in COURSE} | {"laboratory": LAB_KNOBS, "checked": checked.KNOBS}
WITH_IDS = ["lookup", "gradient"]  # lessons with the shared field for ids
BAD_TEXTS = ("", "-1", "99", "a", "1.5", "0 1 2 3 4 5 6 7 8", "<b>&", "²")
MOST_WORDS = 60  # before something can be touched


def _draw(slug: str) -> None:
    """The script that the tests run: one page, and what hears of its settings."""
    from lessons import checked
    from lessons.course import COURSE
    from lessons.lab import page
    from lessons.ui.companion import accompany
    from lessons.ui.knobs import shared

    pages = {lesson.slug: lesson.render for lesson in COURSE}
    pages |= {"laboratory": page.render, "checked": checked.render}
    pages[slug]()
    accompany(slug, {}, shared())


def opened(slug: str, **link: str) -> AppTest:
    """The page as a link with these parameters opens it."""
    return calm(_page(slug, **link).run())


def unlocked(slug: str, said: int = 0, **link: str) -> AppTest:
    """The page after a prediction was locked in; only lessons ask for one."""
    page = _page(slug, **link)
    if slug in BY_SLUG:
        _lock(page, BY_SLUG[slug], said)
    return calm(page.run())


def _page(slug: str, **link: str) -> AppTest:
    page = AppTest.from_function(_draw, kwargs={"slug": slug}, default_timeout=60)
    for name, value in link.items():
        page.query_params[name] = value
    if slug == "laboratory":
        page.session_state["lab_more"] = True  # the expander of the further settings
    return page


def _lock(page: AppTest, lesson: Lesson, said: int) -> None:
    """What choosing an option and locking it in leave behind."""
    page.session_state[f"{lesson.slug}_prediction"] = lesson.prediction.options[said]
    page.session_state[f"{lesson.slug}_locked"] = "answered"


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
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html)))


def figure(page: AppTest, name: str) -> str:
    """The large number of that name, with its remark."""
    text = "\n".join(html.proto.body for html in page.get("html"))
    found = re.search(f"<dt>{re.escape(name)}</dt><dd>(.*?)</dd>", text)
    assert found is not None, name
    return bare(found[1]).strip()


def matrix_of(html: str, name: str) -> list[list[str]]:
    """The entries of the matrix of that name, as they are written."""
    (found,) = re.findall(rf"<figcaption><b>{re.escape(name)}</b>.*?<tbody>(.*?)</tbody>", html, re.DOTALL)
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall("<tr.*?</tr>", found)]


# ---------------------------------------------------------------- prediction and result


def _results(lesson: Lesson) -> list[str]:
    """What gives the answer away."""
    texts = [lesson.prediction.because, lesson.finding]
    return ["Finding.", "Three questions", "Break it", *(text for text in texts if isinstance(text, str))]


@LESSONS
def test_a_lesson_keeps_its_result_until_a_prediction_is_locked_in(lesson: Lesson) -> None:
    before, after = shown(opened(lesson.slug)), shown(unlocked(lesson.slug))
    assert lesson.title in before
    assert lesson.question in before
    assert "sealed" in before
    assert "sealed" not in after
    for secret in _results(lesson):
        assert secret not in bare(before)
        assert secret in bare(after)


@LESSONS
def test_choosing_an_answer_does_not_open_the_result_and_locking_needs_one(lesson: Lesson) -> None:
    page = opened(lesson.slug)
    assert page.button(key=f"{lesson.slug}_lock").disabled
    radio = page.radio(key=f"{lesson.slug}_prediction")
    assert radio.options == list(lesson.prediction.options)
    page = calm(radio.set_value(radio.options[0]).run())
    assert "sealed" in shown(page)
    assert not page.button(key=f"{lesson.slug}_lock").disabled
    page = calm(page.button(key=f"{lesson.slug}_lock").click().run())
    assert component(page, f"{lesson.slug}_locked_reveal")["token"]  # once, to bring the result into view
    assert shown(calm(page.run())) == shown(unlocked(lesson.slug, 0))


@LESSONS
def test_each_prediction_is_shown_beside_the_result_and_one_is_right(lesson: Lesson) -> None:
    right, page = lesson.prediction.right, unlocked(lesson.slug)
    for option in lesson.prediction.options:
        page.session_state[f"{lesson.slug}_prediction"] = option
        text = bare(shown(calm(page.run())))
        told = f"As you predicted: {right}." if option == right else f"You predicted: {option}. It is: {right}."
        assert told in text
        assert len(re.findall("As you predicted:|You predicted:", text)) == 1


@LESSONS
def test_a_visitor_who_came_by_a_link_may_skip_the_prediction_and_is_told_the_answer(lesson: Lesson) -> None:
    skip = f"{lesson.slug}_skip"
    assert not any(button.key == skip for button in opened(lesson.slug).button)
    knob = next(knob for knob in lesson.knobs.knobs.values() if knob.widget is not None)
    page = opened(lesson.slug, **{knob.name: knob.write(knob.default)})
    page = calm(page.button(key=skip).click().run())
    assert "Skipped." in shown(page)
    assert f"The answer: {lesson.prediction.right}." in bare(shown(page))


@LESSONS
def test_little_is_to_be_read_before_something_can_be_touched(lesson: Lesson) -> None:
    before = []
    for element in elements(opened(lesson.slug)):
        if isinstance(element, Widget):
            break
        before.append(bare(f"{getattr(element, 'label', '')} {getattr(element, 'value', '')}"))
    assert len(" ".join(before).split()) <= MOST_WORDS, before


@LESSONS
def test_every_chart_says_what_is_to_be_seen_and_has_its_numbers_as_a_table(lesson: Lesson) -> None:
    for element in elements(unlocked(lesson.slug)):
        data = _data(element.proto) if element.type == "bidi_component" else None
        if isinstance(data, dict) and "layers" in data:
            assert re.search(r"\d", data["alt"]), data["alt"]
            assert all(table["head"] and table["rows"] for table in data["tables"])
            assert data["tables"]


@LESSONS
def test_a_lesson_has_the_one_shape(lesson: Lesson) -> None:
    assert lesson.slug == lesson.knobs.page
    assert len(lesson.questions) == 3
    assert lesson.prediction.right
    assert not lesson.task.text.startswith("Break it")
    for question in lesson.questions:
        assert len({option.text for option in question.options}) == len(question.options)
        assert question.options[question.answer]


@pytest.mark.parametrize("name", [*sorted(OWN_KEYS), "quiz_0"])
def test_a_knob_must_not_take_a_name_that_the_lesson_itself_uses(name: str) -> None:
    knobs = Knobs("box", toggle(name, "A switch", False, "On or off."))
    with pytest.raises(ValueError, match=f"must not be named .*, got {name} in 'box'"):
        replace(BY_SLUG["box"], knobs=knobs)


@LESSONS
def test_the_words_of_a_lesson_are_in_the_glossary_and_one_click_away(lesson: Lesson) -> None:
    assert 4 <= len(lesson.words) <= 8
    said = opened(lesson.slug).markdown[0].value
    for word in lesson.words:
        assert glossary.matches(word)[0].name == word
        assert f"[{word}](glossary?term={quote(word)})" in said


# ---------------------------------------------------------------- every control, both ends


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
    """What can be touched, but for "Try it" and "Reset", which set other controls and have tests of their own."""
    found = [element for element in elements(page) if isinstance(element, Widget) and not element.disabled]
    named = {f"{widget.type} {widget.key or widget.label}": widget for widget in found}
    return {name: widget for name, widget in named.items() if not name.endswith(("_try", "_reset"))}


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


@pytest.mark.parametrize("slug", KNOBS)
def test_every_control_can_be_pushed_to_both_ends(slug: str) -> None:
    page = unlocked(slug)
    seen = set(_widgets(page))
    settings = {name for name, knob in KNOBS[slug].knobs.items() if knob.widget is not None}
    _push_all(page, set(seen), seen)
    pushed = {name.split()[-1].removeprefix(KNOBS[slug].page + "_") for name in seen}
    assert settings - pushed <= {"label"} if slug == "laboratory" else settings <= pushed


@pytest.mark.parametrize("slug", KNOBS)
def test_every_control_says_what_it_is_for(slug: str) -> None:
    without = [name for name, widget in _widgets(unlocked(slug)).items() if not (widget.label and widget.help)]
    assert not without


@pytest.mark.parametrize("text", BAD_TEXTS)
@pytest.mark.parametrize("slug", WITH_IDS)
def test_ids_that_break_a_rule_are_named_and_the_last_good_ones_stay(slug: str, text: str) -> None:
    page = unlocked(slug)
    page.text_input(key=f"{slug}_ids").set_value("3, 2").run()
    good = component(page, f"{slug}_walk")
    calm(page.text_input(key=f"{slug}_ids").set_value(text).run())
    (error,) = page.error
    assert "The figure keeps the last ids that worked." in error.value
    assert component(page, f"{slug}_walk") == good


# ---------------------------------------------------------------- quiz, "Try it", task

QUESTIONS = [
    pytest.param(lesson, place, id=f"{lesson.slug}-{place}")
    for lesson in COURSE
    for place, _ in enumerate(lesson.questions)
]


@pytest.mark.parametrize(("lesson", "place"), QUESTIONS)
def test_every_option_answers_back_and_what_it_sets_is_shown(lesson: Lesson, place: int) -> None:
    page, question = unlocked(lesson.slug), lesson.questions[place]
    first = {key: page.session_state[key] for key in map(lesson.knobs.key, lesson.knobs.knobs)}
    wrong_first = sorted(question.options, key=lambda option: option is question.options[question.answer])
    for option in wrong_first:
        for key, value in first.items():
            page.session_state[key] = value
        _try_out(lesson, calm(page.radio(key=f"{lesson.slug}_quiz_{place}").set_value(option.text).run()), option)
        is_right = option is wrong_first[-1]
        assert ("Right." if is_right else "Not so.") + " " + bare(option.feedback) in bare(shown(page))
        assert page.session_state["kept"].lessons[lesson.slug].quiz == is_right


def _try_out(lesson: Lesson, page: AppTest, option: Option) -> None:
    """What the button under the feedback sets is set, and to be seen."""
    knobs, before = lesson.knobs, _experiment(page)
    buttons = [button for button in page.button if button.key and button.key.endswith("_try")]
    assert len(buttons) == bool(option.try_it)
    for button in buttons:
        calm(button.click().run())
        for name, value in option.try_it.items():
            assert page.session_state[knobs.key(name)] == knobs.checked(name, value), option.text
        assert "Set:" in bare(shown(page))
        assert not page.error
        assert _experiment(page) != before, f"nothing to be seen has changed: {option.text}"


def _experiment(page: AppTest) -> str:
    """What is shown, without the note of what was set."""
    return re.sub(r"'tries': \d+|\{'token': .*?\}\n?", "", shown(page)).strip()


def test_every_option_asks_something_of_its_own_and_says_something_of_its_own() -> None:
    options = [option for lesson in COURSE for question in lesson.questions for option in question.options]
    for texts in ([option.asks for option in options], [option.feedback for option in options]):
        twice = {text for text in texts if texts.count(text) > 1}
        assert not twice
    assert all(option.asks.strip().endswith("?") for option in options)


@LESSONS
def test_the_right_answer_cannot_be_guessed_from_its_place_or_its_length(lesson: Lesson) -> None:
    assert len({question.answer for question in lesson.questions}) > 1
    longest = [max(range(4), key=lambda at: len(question.options[at].text)) for question in lesson.questions]
    assert [question.answer for question in lesson.questions] != longest


@LESSONS
def test_the_task_is_not_done_at_first_and_once_done_it_stays_done(lesson: Lesson) -> None:
    page = unlocked(lesson.slug)
    assert lesson.task.text in shown(page)
    assert "Done:" not in shown(page)
    page.session_state[f"{lesson.slug}_task"] = "this was seen."
    calm(page.run())
    assert "Done: this was seen." in bare(shown(page))
    assert page.session_state["kept"].lessons[lesson.slug].task is True


# ---------------------------------------------------------------- links

GOOD = {
    "laboratory": {"source": "Royal houses", "head": "CBOW", "window": "3", "steps": "50", "rate": "0.1", "pad": "on"},
    "checked": {"framework": "Keras"},
}


def _others(slug: str) -> dict[str, str]:
    """For every setting of a lesson that can be seen at first, another value, as a link writes it."""
    page, knobs = unlocked(slug), KNOBS[slug]
    found = {}
    for widget in _widgets(page).values():
        knob = knobs.knobs.get((widget.key or "").removeprefix(f"{knobs.page}_"))
        if knob and widget.type not in {"text_input", "text_area"}:
            ends = map(type(knob.default), _ends(widget))  # a slider's come as float
            found[knob.name] = next(knob.write(end) for end in ends if end != knob.default)
    return found


def _field(page: AppTest, key: str) -> Any:
    (found,) = [widget for widget in elements(page) if getattr(widget, "key", None) == key]
    return found


@LESSONS
def test_what_a_link_says_of_one_setting_arrives_and_is_what_the_page_writes_back(lesson: Lesson) -> None:
    knobs = lesson.knobs
    for name, text in _others(lesson.slug).items():
        page = unlocked(lesson.slug, 0, **{name: text})
        assert _field(page, knobs.key(name)).value == knobs.knobs[name].parse(text)
        assert component(page, "companion")["settings"] == {name: text}
        assert not page.info


@pytest.mark.parametrize("slug", GOOD)
def test_what_a_link_says_arrives_and_is_what_the_page_writes_back(slug: str) -> None:
    page, knobs = unlocked(slug, 0, **GOOD[slug]), KNOBS[slug]
    for name, text in GOOD[slug].items():
        assert _field(page, knobs.key(name)).value == knobs.knobs[name].parse(text)
    assert component(page, "companion")["settings"] == {
        name: knobs.knobs[name].write(knobs.knobs[name].parse(text)) for name, text in GOOD[slug].items()
    }
    assert not page.info


@pytest.mark.parametrize("slug", KNOBS)
def test_settings_at_their_first_values_are_not_in_the_link(slug: str) -> None:
    page = unlocked(slug)
    assert component(page, "companion")["settings"] == {}


@LESSONS
def test_an_entry_that_was_interrupted_is_made_good_in_the_next_run(lesson: Lesson) -> None:
    page, first = _page(lesson.slug), next(iter(lesson.knobs.knobs.values()))
    page.session_state["arrival"] = Arrival(lesson.slug, by_link=False, notes=[])
    page.session_state[lesson.knobs.key(first.name)] = first.default
    _lock(page, lesson, 0)
    calm(page.run())


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
    knob = KNOBS[slug].knobs[name]
    for text in _wrong(knob):
        with pytest.raises(ValueError, match=r"must|at most"):
            knob.parse(text)
    page = unlocked(slug, 0, **{name: text})
    (note,) = page.info
    assert note.value.startswith(f"In the link, {name} ")
    assert repr(text) in note.value
    assert component(page, "companion")["settings"] == {}


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


@pytest.mark.parametrize("slug", WITH_IDS)
def test_an_id_of_5000_digits_is_told_the_rule_briefly(slug: str) -> None:
    page = unlocked(slug)
    calm(page.text_input(key=f"{slug}_ids").set_value(HUGE).run())
    (error,) = page.error
    assert "ids must" in error.value.lower() or "indices must" in error.value.lower()
    assert len(error.value) < 400


@pytest.mark.parametrize("slug", KNOBS)
def test_a_setting_that_the_page_does_not_know_is_named(slug: str) -> None:
    page = unlocked(slug, nonsense="1")
    assert "'nonsense'" in page.info[0].value


@pytest.mark.parametrize("slug", ["task", "picture", "laboratory"])
def test_what_a_player_writes_into_the_address_is_known_to_its_page(slug: str) -> None:
    page = unlocked(slug, word="tasty", step="3")
    assert not [note.value for note in page.info if "does not know" in note.value]


@LESSONS
def test_reset_gives_every_setting_its_first_value_and_is_there_only_then(lesson: Lesson) -> None:
    reset = f"{lesson.slug}_reset"
    assert reset not in [button.key for button in unlocked(lesson.slug).button]
    name, value = next(
        (name, value)
        for q in lesson.questions
        for o in q.options
        for name, value in o.try_it.items()
        if value != lesson.knobs.knobs[name].default and lesson.knobs.knobs[name].widget is not None
    )
    page = unlocked(lesson.slug, 0, **{name: lesson.knobs.knobs[name].write(value)})
    page = calm(page.button(key=reset).click().run())
    assert page.session_state[lesson.knobs.key(name)] == lesson.knobs.knobs[name].default
    assert reset not in [button.key for button in page.button]


# ---------------------------------------------------------------- code


@LESSONS
def test_the_numpy_code_runs_as_shown(lesson: Lesson) -> None:
    page = unlocked(lesson.slug)
    exec(page.code[-1].value, {})  # it is what the learner copies


@LESSONS
def test_each_library_has_its_code(lesson: Lesson) -> None:
    page = unlocked(lesson.slug)
    seen = set()
    for name in ("numpy", "PyTorch", "Keras"):
        calm(page.button_group(key=f"{lesson.slug}_library").set_value(name).run())
        compile(page.code[-1].value, name, "exec")
        seen.add(page.code[-1].value)
    assert len(seen) == 3


# ---------------------------------------------------------------- the lesson that the README shows


def test_the_lesson_of_the_readme_is_drawn_as_it_stands_there() -> None:
    (source,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    source = "\n".join(line.removeprefix("   ") for line in source.splitlines())
    page = AppTest.from_string(f"{source}\n\nLESSON.render()\n", default_timeout=60)
    assert "sealed" in shown(calm(page.run()))
    radio = page.radio(key="norms_prediction")
    radio.set_value(radio.options[0]).run()
    page = calm(page.button(key="norms_lock").click().run())
    assert "Finding." in bare(shown(page))
    exec(page.code[-1].value, {})
