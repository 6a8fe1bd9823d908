"""What makes ten lessons one course: the path, the two tests, what is remembered, the glossary, the search."""

import json
import re
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Widget

from lessons import ask, check, glossary
from lessons.course import COURSE, address_of, neighbours
from lessons.glossary_terms import TERMS, Term
from lessons.search import CLOSE, canonical, closest, entries
from lessons.search_questions import OFTEN, Asked
from lessons.ui import progress
from lessons.ui.lesson import LESSONS, Lesson, Option
from lessons.ui.progress import BLOCKED, Answers, Kept, Progress, merged, read, written
from tests.test_pages import MOST_WORDS, ROOT, bare, calm, component, elements, shown

SLUGS = [lesson.slug for lesson in COURSE]
ITEMS = check.items()
TERM_LIST = [term for terms in TERMS.values() for term in terms]
OPTIONS = [option for lesson in COURSE for question in lesson.questions for option in question.options]


def _draw(name: str) -> None:
    """The script that the tests run: one page of the course, with what stands around each."""
    from lessons import ask, check, glossary
    from lessons.ui import progress
    from lessons.ui.companion import accompany
    from lessons.ui.knobs import shared

    progress.listen(check.PAGES)
    pages = {"before": check.render_before, "after": check.render_after, "ask": ask.render, "glossary": glossary.render}
    pages[name]()
    accompany(name, progress.told(), shared())


def opened(name: str, kept: Kept | None = None, **link: str) -> AppTest:
    """A page as a link opens it, for a visitor of whom this is known."""
    page = AppTest.from_function(_draw, kwargs={"name": name}, default_timeout=60)
    if kept is not None:
        page.session_state["kept"] = kept
    for key, value in link.items():
        page.query_params[key] = value
    return calm(page.run())


def home_page(kept: Kept | None = None) -> AppTest:
    """The first page of the real app."""
    page = AppTest.from_file(str(ROOT / "lessons" / "visit.py"), default_timeout=60)
    if kept is not None:
        page.session_state["kept"] = kept
    return calm(page.run())


def texts(page: AppTest) -> str:
    """All that can be read, links and HTML included."""
    links = [element.proto.label for element in elements(page) if element.type == "page_link"]
    return "\n".join([bare(shown(page)), *links])


def links(page: AppTest) -> list[tuple[str, str]]:
    """Each link to a page: what it says, and the settings it carries."""
    return [(each.proto.label, each.proto.query_string) for each in elements(page) if each.type == "page_link"]


@pytest.mark.parametrize("name", ["", "before", "after", "ask", "glossary"])
def test_little_is_to_be_read_before_something_can_be_touched(name: str) -> None:
    before: list[str] = []
    for element in elements(opened(name) if name else home_page()):
        if isinstance(element, Widget) or element.type == "page_link":
            break
        before += bare(str(getattr(element, "value", ""))).split()
    assert len(before) <= MOST_WORDS, before


# ---------------------------------------------------------------- the path


def test_the_lessons_are_there_in_order_and_as_many_as_each_of_them_says() -> None:
    assert [lesson.number for lesson in COURSE] == list(range(1, LESSONS + 1))
    assert len(set(SLUGS)) == LESSONS


def test_the_path_leads_through_the_lessons_and_has_two_ends() -> None:
    addresses = [check.BEFORE, *SLUGS, check.AFTER]
    path: list[Any] = [SimpleNamespace(url_path=address) for address in addresses]  # a page needs a running script
    for here, following in pairwise(path):
        assert neighbours(here.url_path, path)[1] == following
        assert neighbours(following.url_path, path)[0] == here
    assert neighbours(check.BEFORE, path)[0] is None
    assert neighbours(check.AFTER, path)[1] is None
    assert neighbours("checked", path) == (None, None)


@pytest.mark.parametrize("lesson", COURSE, ids=SLUGS)
def test_a_link_to_a_lesson_without_settings_still_lets_the_visitor_in(lesson: Lesson) -> None:
    (address,) = address_of(lesson, {}).items()
    name, text = address
    assert lesson.knobs.knobs[name].parse(text) == lesson.knobs.knobs[name].default


# ---------------------------------------------------------------- the home page


def test_home_proposes_the_questions_first_and_lets_one_skip_them() -> None:
    labels = [button.label for button in home_page().button]
    assert labels[:2] == [f"Begin: {check.how_many()} quick guesses", "Skip them, start with lesson 1"]
    assert "Not begun" in texts(home_page())
    assert "Forget my progress" not in texts(home_page())


def _marks(**marks: Progress) -> Kept:
    return Kept(lessons=marks)


@pytest.mark.parametrize(
    ("kept", "door"),
    [
        (Kept(tests={"before": Answers(1, {})}), "Start with lesson 1"),
        (_marks(lookup=Progress(True, 1, False)), "Continue with lesson 2"),
        (_marks(box=Progress(True, 3, False)), "Continue with lesson 2"),
        (_marks(box=Progress(True, 2, False), task=Progress(True, 0, False)), "Continue with lesson 6"),
        (Kept(lessons={slug: Progress(True, 3, True) for slug in SLUGS}), "See what has changed"),
    ],
)
def test_home_continues_where_the_visitor_is(kept: Kept, door: str) -> None:
    assert home_page(kept).button[0].label == door


def test_home_marks_each_lesson_with_a_sign_and_a_word() -> None:
    page = home_page(_marks(box=Progress(True, 3, True), lookup=Progress(True, 1, False)))
    states = [label.rpartition("min. ")[2].strip("*") for label, _ in links(page)[: len(COURSE)]]
    assert states[:2] == ["● Done, broke it", "◐ Begun, 1 of 3 questions"]
    assert set(states[2:]) == {"○ Not begun"}


def test_a_question_on_the_home_page_leads_to_the_answers() -> None:
    page = home_page()
    page.text_input(key="home_question").set_value("is it a cbow").run()
    assert page.session_state["home_question"] == ""
    assert page.query_params["q"] == "is it a cbow"


def test_forgetting_leaves_no_mark_no_prediction_and_no_answer() -> None:
    page = AppTest.from_file(str(ROOT / "lessons" / "visit.py"), default_timeout=60)
    page.session_state["kept"] = _marks(box=Progress(True, 2, False))
    page.session_state["box_locked"] = "answered"
    page.session_state["lab_seed"] = 3
    calm(page.run())
    assert "Begun" in texts(page)
    (sure,) = [button for button in page.button if button.label == "Yes, forget them"]
    calm(sure.click().run())
    assert "Begun" not in texts(page)
    assert "box_locked" not in page.session_state
    assert page.session_state["lab_seed"] == 3
    assert read(component(page, "companion")["kept"]) == Kept(era=1)


def test_a_message_that_streamlit_has_forgotten_changes_nothing() -> None:
    page = AppTest.from_file(str(ROOT / "lessons" / "visit.py"), default_timeout=60)
    page.session_state["heard"] = f"a-visit {BLOCKED}"
    calm(page.run())
    assert component(page, "companion")["heard"] == f"a-visit {BLOCKED}"


# ---------------------------------------------------------------- before and after


def test_the_questions_are_the_first_of_lessons_one_to_seven_themselves() -> None:
    assert [item.lesson.number for item in ITEMS] == [1, 2, 3, 4, 5, 6, 7]
    assert all(item.question is item.lesson.questions[0] for item in ITEMS)


def _answer_all(page: AppTest, test: str, right: set[str]) -> AppTest:
    """Hand in a test with right answers to these lessons' questions and wrong ones to the others."""
    for item in ITEMS:
        at = item.question.answer if item.lesson.slug in right else item.question.answer - 1
        page.radio(key=f"{test}_{item.lesson.slug}").set_value(item.question.options[at].text)
    (hand_in,) = [button for button in page.button if button.label == "Hand in"]
    return calm(hand_in.click().run())


def test_before_shows_the_options_in_the_lessons_order_and_never_which_is_right() -> None:
    page = opened("before")
    assert [radio.options for radio in page.radio] == [[o.text for o in item.question.options] for item in ITEMS]
    for handed_in in (page, _answer_all(page, "before", {"box"})):
        said = texts(handed_in)
        assert not re.search("[✓✗]| right|Right|wrong", said)
        assert not any(option.feedback in said for item in ITEMS for option in item.question.options)
    assert not page.radio
    assert "Handed in." in texts(page)


def test_before_can_be_skipped_in_sight() -> None:
    assert ("Skip them, start with lesson 1", "") in links(opened("before"))


def test_after_shows_both_scores_the_change_and_where_to_look_again() -> None:
    before = {ITEMS[0].lesson.slug: ITEMS[0].answer.text}
    page = opened("after", Kept(tests={"before": Answers(1, before)}))
    right = {item.lesson.slug for item in ITEMS[1:]}
    said = texts(_answer_all(page, "after", right))
    count = len(ITEMS)
    assert f"Before 1 of {count} right" in said
    assert f"Now {count - 1} of {count} right" in said
    assert f"Change +{count - 2}" in said
    wrong = ITEMS[0].question.options[ITEMS[0].question.answer - 1]
    assert wrong.feedback in "".join(html.proto.body for html in page.get("html")).replace("&#x27;", "'").replace(
        "&amp;", "&"
    )
    ((label, settings),) = links(page)
    assert label == "See it in lesson 1"
    assert settings
    assert said.count("✓ right") == count
    assert said.count("✗ wrong") == 1
    assert said.count("– left out") == count - 1


def test_after_without_before_says_that_there_is_no_change_to_show() -> None:
    said = texts(_answer_all(opened("after"), "after", set()))
    assert "there is no change to show" in said
    assert f"Now 0 of {len(ITEMS)} right" in said
    assert "Change" not in said


def test_answering_again_replaces_the_second_score_and_keeps_the_first() -> None:
    page = _answer_all(opened("after", Kept(tests={"before": Answers(1, {})})), "after", set())
    (again,) = [button for button in page.button if button.label == "Answer again"]
    page = _answer_all(calm(again.click().run()), "after", {"box"})
    assert "Now 1 of" in texts(page)
    assert page.session_state["kept"].tests["after"].attempt == 2
    assert page.session_state["kept"].tests["before"].attempt == 1


def test_an_answer_that_a_lesson_no_longer_offers_counts_as_left_out() -> None:
    assert ITEMS[0].is_right({ITEMS[0].lesson.slug: "an option of an older version"}) is None
    assert check.score({ITEMS[0].lesson.slug: "an option of an older version"}) == 0


def test_nothing_handed_in_at_all_is_no_error() -> None:
    page = opened("after")
    (hand_in,) = [button for button in page.button if button.label == "Hand in"]
    assert texts(calm(hand_in.click().run())).count("– left out") == len(ITEMS)


# ---------------------------------------------------------------- what the browser keeps

MARKS = st.builds(Progress, st.booleans(), st.integers(0, 3), st.booleans())
NAMES = st.text("abc", min_size=1, max_size=3)
TESTS = st.dictionaries(
    st.sampled_from(["before", "after"]), st.builds(Answers, st.integers(1, 4), st.just({"box": "x"}))
)
RECORDS = st.builds(Kept, st.integers(0, 3), st.dictionaries(NAMES, MARKS), TESTS)


@given(RECORDS)
def test_what_is_written_is_read_again(kept: Kept) -> None:
    assert read(written(kept)) == kept


@given(RECORDS, RECORDS)
def test_two_tabs_agree_whoever_writes_first_and_lose_nothing(one: Kept, other: Kept) -> None:
    both = merged(one, other)
    assert both == merged(other, one) == merged(both, one) == merged(both, other)
    if one.era == other.era:
        for slug, marks in one.lessons.items():
            assert all(kept >= mark for kept, mark in zip(both.lessons[slug], marks, strict=True))
    else:
        assert both == max(one, other, key=lambda kept: kept.era)


def test_nothing_done_is_nothing_stored() -> None:
    assert written(Kept()) == ""
    assert written(Kept(era=1)) != ""


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", "{}", "blocked", "{", '"', "9" * 5000, "[" * 10_000, "x" * 30_000, '{"version": 2}',
        '{"version": 1, "era": "x", "lessons": {}, "tests": {}}',
        '{"version": 1, "era": 0, "lessons": [], "tests": {}}',
        '{"version": 1, "era": 0, "lessons": {"box": [1]}, "tests": {}}',
        '{"version": 1, "era": 0, "lessons": {"box": [1, 1e999, 0]}, "tests": {}}',
        '{"version": 1, "era": 0, "lessons": {}, "tests": {"after": [1, []]}}',
    ],
)  # fmt: skip
def test_what_is_not_ours_in_the_storage_is_left_out(text: str) -> None:
    assert read(text) == Kept()


def test_marks_out_of_range_are_brought_into_it() -> None:
    text = json.dumps({"version": 1, "era": -4, "lessons": {"box": [7, 99, 0]}, "tests": {}})
    assert read(text) == Kept(0, {"box": Progress(True, 3, False)})


def test_ten_finished_lessons_and_both_tests_fit_with_room_to_spare() -> None:
    answers = {item.lesson.slug: max((o.text for o in item.question.options), key=len) for item in ITEMS}
    tests = {name: Answers(9, answers) for name in ("before", "after")}
    full = Kept(3, {slug: Progress(True, 3, True) for slug in SLUGS}, tests)
    assert len(written(full)) < progress.LONGEST / 4


# ---------------------------------------------------------------- the glossary


def test_every_term_is_listed_once_and_belongs_to_a_lesson() -> None:
    names = [term.name for term in TERM_LIST]
    assert len(set(names)) == len(names) >= 50
    assert {term.lesson for term in TERM_LIST} <= set(SLUGS)


@pytest.mark.parametrize("term", TERM_LIST, ids=lambda term: term.name)
def test_a_term_has_one_plain_sentence_and_settings_that_its_lesson_takes(term: Term) -> None:
    assert len(term.says) < 160
    assert term.says.endswith(".")
    (lesson,) = [lesson for lesson in COURSE if lesson.slug == term.lesson]
    assert address_of(lesson, term.settings)


SYNONYMS = {
    "C": "Table", "wte": "Table", "W_E": "Table", "embeddings": "Table", "num_embeddings": "Number of rows, V",
    "input_dim": "Number of rows, V", "vocab_size": "Number of rows, V", "embedding_dim": "Dimension, D",
    "output_dim": "Dimension, D", "n_embd": "Dimension, D", "indices": "Ids", "dout": "Gradient of the output",
    "grad_output": "Gradient of the output", "lr": "Learning rate", "noise words": "Negative sampling",
    "padding_idx": "Padding", "mask_zero": "Mask", "gather": "Look-up", "jnp.take": "Look-up",
    "index_add_": "Scatter-add", "IndexedSlices": "Sparse gradient", "ReversibleEmbedding": "Tied weights",
    "attend": "Tied weights", "trainable=False": "Frozen", "cosine": "Cosine similarity",
    "target": "Center and context",
    "continuous bag of words": "CBOW", "scores": "Logits",
}  # fmt: skip


@pytest.mark.parametrize(("synonym", "name"), SYNONYMS.items())
def test_typing_a_synonym_finds_the_term_first(synonym: str, name: str) -> None:
    assert glossary.matches(synonym)[0].name == name
    page = opened("glossary", term=synonym)
    assert f"<b>{name}</b>" in next(html.proto.body for html in page.get("html") if 'class="term"' in html.proto.body)


def test_a_word_that_is_not_there_is_told_so() -> None:
    page = opened("glossary", term="xyzzy")
    assert "No word here" in texts(page)
    assert component(page, "companion")["settings"] == {"term": "xyzzy"}


@pytest.mark.parametrize("topic", TERMS)
def test_every_topic_lists_its_words_with_links_to_lessons(topic: str) -> None:
    page = opened("glossary", topic=topic)
    listed = [html.proto.body for html in page.get("html") if 'class="term"' in html.proto.body]
    assert len(listed) == len(TERMS[topic])
    assert len([settings for _, settings in links(page) if settings]) == len(TERMS[topic])


# ---------------------------------------------------------------- search by question

# Written before any closeness had been looked at.
PARAPHRASES = (
    ("does an embeding layer have a bias or neurons inside", "box"),
    ("how many weights does nn.Embedding(1000, 64) have", "box"),
    ("why is looking up a row faster than the matrix multiplication", "lookup"),
    ("is an embedding the same as a linear layer on one hot vectors", "lookup"),
    ("why do I need vocab_size + 1 when 0 is for padding", "ids"),
    ("does mask_zero make the vector zero", "ids"),
    ("how does backpropagation go through indexing", "gradient"),
    ("what happens to the gradient if the same word occurs twice", "gradient"),
    ("does adam change embeddings of words that are not in the batch", "movers"),
    ("do synonyms end up close to each other after training for sentiment", "task"),
    ("difference between CBOW and an embedding layer", "models"),
    ("can I trust a 2d PCA scatter plot of my embeddings", "picture"),
    ("should I use cosine or euclidean distance", "near"),
    ("should I freeze pretrained word vectors", "reuse"),
)


@pytest.mark.parametrize("lesson", COURSE, ids=SLUGS)
def test_typing_the_question_behind_an_option_finds_its_lesson_first(lesson: Lesson) -> None:
    for question in lesson.questions:
        for option in question.options:
            first = closest(option.asks)[0]
            assert first.entry.lesson.slug == lesson.slug, option.asks
            assert first.entry.settings == option.try_it or first.entry.text != option.asks


BEGINNERS = (  # typed by somebody who had not seen the entries
    ("why do i get index out of range in self", "ids"),
    ("can i use 0 as an id", "ids"),
    ("can i look up a float", "ids"),
    ("does embedding understand meaning of words", "task"),
    ("do i need to one hot encode my words first", "lookup"),
    ("how to visualize embeddings", "picture"),
    ("what happens with words not in vocabulary", "ids"),
    ("what does num_embeddings mean", "ids"),
    ("is it supervised or unsupervised", "models"),
)


@pytest.mark.parametrize(("asked", "slug"), BEGINNERS)
def test_what_a_beginner_types_finds_its_lesson_first_and_an_answer(asked: str, slug: str) -> None:
    first = closest(asked)[0].entry
    assert first.lesson.slug == slug
    assert first.says


@pytest.mark.parametrize("asked", OFTEN, ids=lambda asked: asked.question)
def test_a_question_asked_often_finds_itself_and_its_settings_open_the_lesson(asked: Asked) -> None:
    assert closest(asked.question)[0].entry.text == asked.question
    assert len(asked.says) < 160
    (lesson,) = [lesson for lesson in COURSE if lesson.slug == asked.lesson]
    assert address_of(lesson, asked.settings)


@pytest.mark.parametrize(("asked", "slug"), PARAPHRASES)
def test_other_words_for_a_question_find_its_lesson_among_the_first_three(asked: str, slug: str) -> None:
    assert slug in [hit.entry.lesson.slug for hit in closest(asked)[:3]]


@pytest.mark.parametrize("asked", ["why is inptu_dim one lagrer", "wat is a embeding layer", "frozn embedings"])
def test_misspelt_words_are_still_close(asked: str) -> None:
    assert closest(asked)[0].closeness >= CLOSE


FOREIGN = ["how do I bake bread", "what is the capital of France", "weather tomorrow in Paris", "zzz", "?", "42", "  "]


@pytest.mark.parametrize("asked", FOREIGN)
def test_a_foreign_question_is_told_that_nothing_is_close(asked: str) -> None:
    hits = closest(asked)
    assert hits[0].closeness < CLOSE
    page = opened("ask", q=asked)
    assert "Nothing close." in texts(page)
    assert len([settings for _, settings in links(page) if settings]) == 3


def test_an_answer_opens_its_lesson_with_the_settings_that_show_it() -> None:
    option: Option = next(option for option in OPTIONS if option.try_it)
    page = opened("ask", q=option.asks)
    lesson = closest(option.asks)[0].entry.lesson
    label, settings = links(page)[0]
    assert label == f"Open lesson {lesson.number}: {lesson.title}"
    assert all(f"{name}=" in settings for name in option.try_it)
    assert component(page, "companion")["settings"] == {"q": option.asks}


def test_an_example_is_asked_by_its_button() -> None:
    page = opened("ask")
    (example,) = [button for button in page.button if button.label == ask.EXAMPLES[0]]
    assert links(calm(example.click().run()))


def test_names_of_the_same_idea_get_the_same_mark() -> None:
    def marks(text: str) -> set[str]:
        return {word for word in canonical(text).split() if re.fullmatch(r"idea\d+", word)}

    assert marks("input_dim") == marks("num_embeddings") == marks("the Vocabulary  Size") != set()
    assert not marks("bread")


def test_every_question_and_every_term_can_be_found() -> None:
    assert len(entries()) == len(OPTIONS) + len(COURSE) + len(OFTEN) + len(TERM_LIST)
    assert all(option.asks.strip() for option in OPTIONS)


def test_a_long_or_strange_question_in_a_link_is_told_the_rule() -> None:
    (note,) = opened("ask", q="x" * 500).info
    assert "at most 200 characters" in note.value
