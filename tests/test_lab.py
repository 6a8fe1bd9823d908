"""The laboratory without a browser: which texts it takes, what it says of the others, and that a run can be trusted."""

import base64
import json
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from streamlit.testing.v1 import AppTest

from core.corpora import CORPORA
from core.runs import History, Run
from core.training import Training, train
from lessons.lab.source import LEFT_OUT, LONGEST_IN_LINK, OWN, SAMPLE, corpus_of, pack_text, unpack_text, words_of
from lessons.lab.training import HEADS, MOST_FRAMES, MOST_NUMBERS, Settings, picture_of, run_of
from tests.test_pages import calm, component, opened, shown

READABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)
TABLE = "text,mood\nfine fresh food,good\nstale soggy food,bad\nfresh crispy bread,good\nburnt bland bread,bad\n"
QUICK = Settings(
    source="Toy reviews", text="", pad=False, unk=False, size=200, head="Skip-gram, counted", label="", window=2,
    columns=8, optimizer="Adam", rate=0.05, steps=300, scale=0.1, seed=0,
)  # fmt: skip


def own(text: str, **changes: Any) -> Settings:
    return QUICK._replace(source=OWN, text=text, **changes)


# ---------------------------------------------------------------- a text in a link


@given(READABLE)
def test_a_text_survives_a_link(text: str) -> None:
    assert unpack_text(pack_text(text)) == text


@given(READABLE)
def test_a_packed_text_needs_no_escaping(text: str) -> None:
    assert pack_text(text).replace("-", "").replace("_", "").isalnum()


def test_a_text_too_long_for_an_address_is_left_out() -> None:
    rng = np.random.default_rng(0)
    long = " ".join("".join(rng.choice(list("abcdefghij"), 8)) for _ in range(2000))
    assert pack_text(long) == LEFT_OUT
    assert len(pack_text("the cat sat on the mat. " * 2000)) <= LONGEST_IN_LINK


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@pytest.mark.parametrize(
    "packed",
    [
        "a",
        "!!!!",
        "nonsense",
        _packed(b"not compressed"),
        _packed(zlib.compress(b"caf\xe9")),
        "²",
        pack_text(SAMPLE)[:-20],
        "",
    ],
    ids=["one letter", "signs", "a word", "not compressed", "not UTF-8", "not ASCII", "cut off", "empty"],
)
def test_what_this_page_did_not_pack_is_refused_with_a_rule(packed: str) -> None:
    with pytest.raises(ValueError, match=r"^must be a text packed by this page$"):
        unpack_text(packed)


def test_a_small_link_cannot_make_the_server_read_a_huge_text() -> None:
    bomb = _packed(zlib.compress(b"a" * 50_000_000, 9))
    with pytest.raises(ValueError, match="must be a text packed by this page"):
        unpack_text(bomb)


def test_a_link_with_a_text_of_ones_own_opens_it() -> None:
    page = opened("laboratory", source=OWN, text=pack_text("one red fish\ntwo blue fish"))
    assert page.text_area(key="lab_text").value == "one red fish\ntwo blue fish"
    assert header(page)["words"] == ["fish", "one", "red", "two", "blue"]


# ---------------------------------------------------------------- which text is a table


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n"])
def test_a_table_with_a_column_text_brings_its_labels(delimiter: str, start: str) -> None:
    corpus = corpus_of(OWN, start + TABLE.replace(",", delimiter))
    assert corpus.labels == {"mood": ("good", "bad", "good", "bad")}
    assert corpus.documents[0] == "fine fresh food"


@pytest.mark.parametrize(
    "text", ["text\nis a word\nlike another", "A text, said she, is no table.\nNor is this.", SAMPLE]
)
def test_prose_is_not_taken_for_a_table(text: str) -> None:
    corpus = corpus_of(OWN, text)
    assert corpus.labels == {}
    assert len(corpus.documents) == len(text.splitlines())


@pytest.mark.parametrize("pad", [False, True])
@pytest.mark.parametrize("unk", [False, True])
@pytest.mark.parametrize("size", [20, 1000])
def test_every_id_of_a_text_owns_a_row(pad: bool, unk: bool, size: int) -> None:
    words = words_of(OWN, SAMPLE, pad, unk, size)
    assert words.vocabulary.reserved == pad + unk
    assert all((ids >= 0).all() and (ids < len(words.vocabulary)).all() for ids in words.ids)
    assert [len(ids) for ids in words.ids] == [len(part.words) for part in words.tokens]


# ---------------------------------------------------------------- bad texts and files


def _own_text() -> AppTest:
    page = opened("laboratory", source=OWN)
    return calm(page.text_area(key="lab_text").set_value("one red fish\ntwo blue fish").run())


def payload(page: AppTest) -> bytes:
    data = component(page, "lab_space")
    assert isinstance(data, bytes)
    return data


def header(page: AppTest) -> dict[str, Any]:
    data = payload(page)
    found: dict[str, Any] = json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])
    return found


def arrays(page: AppTest) -> dict[str, np.ndarray]:
    """The numbers that the page sends to the player."""
    data, found = payload(page), {}
    at = 4 + int.from_bytes(data[:4], "little")
    for name, shape in header(page)["arrays"]:
        size = int(np.prod(shape))
        found[name] = np.frombuffer(data, "<f4", size, at).reshape(shape)
        at += 4 * size
    assert at == len(data)
    return found


BAD_TEXTS = {
    "": "at least two different words, got 0",
    "   \n ": "at least two different words, got 0",
    "word": "at least two different words, got 1",
    "Word word WORD.": "at least two different words, got 1",
    "?!... 🙂": "at least two different words, got 0",
    "one\0two": "NUL",
    "text,mood\nfine food,good\nbad food": "ine 3 must have 2 fields, got 1",
    "text,text\na b,c d": "got columns: text, text",
    "x y " * 260_000: "at most 1 MB",
}


@pytest.mark.parametrize(("text", "complaint"), BAD_TEXTS.items(), ids=[repr(text[:20]) for text in BAD_TEXTS])
def test_a_text_that_cannot_be_used_is_refused_and_the_last_good_one_stays(text: str, complaint: str) -> None:
    page = _own_text()
    before = payload(page)
    calm(page.text_area(key="lab_text").set_value(text).run())
    (error,) = page.error
    assert complaint in error.value
    assert "The last text that worked stays in use." in error.value
    assert payload(page) == before


FILES = {
    "empty": ("a.txt", b"", "at least two different words, got 0"),
    "one word": ("a.txt", b"word", "at least two different words, got 1"),
    "latin-1": ("a.txt", "un café noir".encode("latin-1"), ".txt must be UTF-8, but byte 0xE9 at position 6 is not"),
    "UTF-16": ("a.txt", "two words".encode("utf-16"), "must be UTF-8"),
    "binary": ("a.txt", b"two\0words here", "NUL byte at position 3"),
    "an image": ("a.txt", b"\x89PNG\r\n\x1a\n\0\0", "must be UTF-8"),
    "too large": ("a.txt", b"two words " * 120_000, "must be at most 1 MB, got 1.2 MB"),
    "ragged": ("a.csv", b"text,mood\nfine food,good\nbad food\n", "ine 3 must have 2 fields, got 1"),
    "no column text": ("a.csv", b"review,mood\nfine food,good\n", "must have one column named text"),
    "only a header": ("a.csv", b"text,mood\n", "at least one line below its header"),
}


@pytest.mark.parametrize(("name", "data", "complaint"), FILES.values(), ids=FILES)
def test_a_file_that_cannot_be_used_is_refused_and_the_text_above_stays(name: str, data: bytes, complaint: str) -> None:
    page = _own_text()
    before = payload(page)
    calm(page.file_uploader(key="lab_upload").set_value((name, data, "text/plain")).run())
    (error,) = page.error
    assert complaint in error.value
    assert "The text above stays." in error.value
    assert page.text_area(key="lab_text").value == "one red fish\ntwo blue fish"
    assert payload(page) == before


def test_a_good_file_after_a_bad_one_takes_its_place_and_the_complaint_goes() -> None:
    page = _own_text()
    calm(page.file_uploader(key="lab_upload").set_value(("a.txt", b"\xff", "text/plain")).run())
    assert page.error
    calm(page.file_uploader(key="lab_upload").set_value(("b.csv", TABLE.encode("utf-8-sig"), "text/csv")).run())
    assert not page.error
    assert page.text_area(key="lab_text").value == TABLE
    calm(page.selectbox(key="lab_head").set_value("Classifier").run())
    assert page.selectbox(key="lab_label").options == ["mood"]


def test_typing_a_good_text_after_a_bad_file_ends_the_complaint() -> None:
    page = _own_text()
    calm(page.file_uploader(key="lab_upload").set_value(("a.txt", b"\xff", "text/plain")).run())
    assert page.error
    calm(page.text_area(key="lab_text").set_value("three green birds sing").run())
    assert not page.error


# ---------------------------------------------------------------- heads and runs


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("source", CORPORA)
def test_each_head_learns_each_built_in_text(head: str, source: str) -> None:
    labels = [*corpus_of(source, "").labels] if head == "Classifier" else [""]
    for label in labels:
        window = 0 if label else 2
        history = train(run_of(QUICK._replace(source=source, head=head, label=label, window=window, steps=60)))
        assert not history.divergence
        assert len(history.losses) == 60
        assert history.next_loss < 0.97 * history.losses[0]


@pytest.mark.parametrize("head", HEADS)
def test_the_first_loss_is_that_of_guessing(head: str) -> None:
    """Nearly equal scores for all outputs: the loss is the logarithm of their number."""
    label = "Good or bad" if head == "Classifier" else ""
    run = run_of(QUICK._replace(head=head, label=label, window=0 if label else 2, scale=0.01, steps=1))
    outputs = 2 if label else run.num_embeddings
    assert_allclose(train(run).losses[0], np.log(outputs), rtol=0.01)


def test_a_classifier_without_labels_says_what_it_needs() -> None:
    page = opened("laboratory", source=OWN, head="Classifier")
    (warning,) = page.warning
    assert "The classifier needs labels" in warning.value
    assert "column text" in warning.value
    page = calm(page.text_area(key="lab_text").set_value("text,mood\na b,good\nc d,good").run())
    assert "at least two different labels, got 1" in page.warning[0].value
    page = calm(page.text_area(key="lab_text").set_value(TABLE).run())
    assert not page.warning


def test_who_opens_a_link_that_left_out_its_text_is_told_so() -> None:
    page = opened("laboratory", source=OWN, text=LEFT_OUT)
    assert "text is left out, for it was too long for an address" in page.info[0].value


def test_a_link_says_nothing_of_a_label_or_a_text_that_is_not_in_use() -> None:
    page = opened("laboratory", head="Classifier")
    assert component(page, "companion")["settings"] == {"head": "Classifier", "label": "Good or bad"}
    page.session_state["lab_text"] = "one two"
    page.selectbox(key="lab_head").set_value("CBOW").run()
    assert component(page, "companion")["settings"] == {"head": "CBOW"}


def test_a_text_whose_lines_have_one_word_each_has_no_neighbours_and_says_so() -> None:
    page = opened("laboratory", source=OWN, text=pack_text("one\ntwo\nthree"))
    assert "no line of the text has two words" in page.warning[0].value


def test_the_player_gets_the_very_run_that_core_trains() -> None:
    page = opened("laboratory")
    history, sent = train(run_of(QUICK)), arrays(page)
    assert_array_equal(sent["losses"], np.array([*history.losses, history.next_loss], np.float32))
    assert_array_equal(sent["snapshots"], history.snapshots[np.isin(history.recorded, sent["steps"])])
    assert sent["steps"][0] == 0
    assert sent["steps"][-1] == 300
    assert header(page)["words"] == [*QUICK.words.vocabulary.tokens]


def test_groups_have_the_colours_of_the_lessons_whichever_word_comes_first() -> None:
    found = header(opened("laboratory"))
    assert found["groups"][0] == "filler"
    assert found["order"] == ["good food", "bad food", "good film", "bad film", "filler"]
    assert header(_own_text())["order"] == []


def test_a_setting_that_changes_the_run_changes_what_is_sent() -> None:
    page = opened("laboratory", steps="50")
    seen = {header(page)["id"]}
    for key, value in {"lab_seed": 3}.items():
        calm(page.number_input(key=key).set_value(value).run())
        seen.add(header(page)["id"])
    calm(page.select_slider(key="lab_rate").set_value(0.1).run())
    seen.add(header(page)["id"])
    calm(page.selectbox(key="lab_optimizer").set_value("SGD").run())
    seen.add(header(page)["id"])
    assert len(seen) == 4


LONG = QUICK._replace(head="Skip-gram, by pairs", steps=2000, seed=77)


def _long() -> AppTest:
    return opened("laboratory", head=LONG.head, steps="2000", seed="77")


def test_a_run_that_takes_longer_waits_for_the_button() -> None:
    page = _long()
    assert "waits for the button" in page.info[0].value


def test_a_stopped_run_keeps_what_was_trained_and_train_goes_on_to_the_same_end() -> None:
    uninterrupted, training = train(run_of(LONG)), Training(run_of(LONG))
    training.advance(1234)
    page = _long()
    page.session_state["lab_training"] = (LONG, training)  # as a press of Stop leaves it
    page.session_state["lab_stopped"] = True
    calm(page.run())
    assert "Stopped at step 1,234 of 2,000." in shown(page)
    assert_array_equal(arrays(page)["losses"][:-1], uninterrupted.losses[:1234].astype(np.float32))
    calm(page.button(key="lab_train").click().run())
    assert "Stopped at" not in shown(page)
    sent = arrays(page)
    assert_array_equal(sent["losses"], np.array([*uninterrupted.losses, uninterrupted.next_loss], np.float32))
    assert_array_equal(sent["snapshots"][-1], uninterrupted.snapshots[-1])


def test_a_run_that_diverges_says_at_which_step_and_why() -> None:
    settings = QUICK._replace(optimizer="SGD", rate=100, scale=2, head="Skip-gram, by pairs")
    history = train(run_of(settings))
    assert 0 < len(history.losses) < settings.steps
    assert np.isfinite(history.losses).all()
    assert np.isfinite(history.snapshots).all()
    page = opened("laboratory", optimizer="SGD", rate="100", scale="2", head="Skip-gram, by pairs")
    page = calm(page.button(key="lab_train").click().run())
    (warning,) = page.warning
    assert f"at step {len(history.losses) + 1} of 300: " in warning.value
    assert "loss is" in warning.value or "grow without bound" in warning.value
    assert "smaller learning rate" in warning.value
    assert np.isfinite(arrays(page)["snapshots"]).all()


# ---------------------------------------------------------------- one step, and the picture


def test_the_view_of_one_step_opens_on_a_first_visit() -> None:
    page = opened("laboratory")
    calm(page.button_group(key="lab_section").set_value("One step").run())
    assert len(component(page, "lab_one_step")["scenes"]) == 6
    assert "Largest difference from the table that training recorded" in shown(page)


def test_looking_at_another_step_does_not_move_the_player() -> None:
    page = opened("laboratory")
    before = header(page)["step"]
    calm(page.button_group(key="lab_section").set_value("One step").run())
    (field,) = [field for field in page.number_input if field.label.startswith("Step, ")]
    calm(field.set_value(7).run())
    assert header(page)["step"] == before


@pytest.mark.parametrize("steps", [1, 10, 130, 700])
@pytest.mark.parametrize("size", [20, 1000])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_a_picture_has_the_first_and_the_last_frame_and_stays_small(steps: int, size: int, dimensions: int) -> None:
    settings = QUICK._replace(steps=steps, columns=16, pad=True)
    history = train(run_of(settings))
    picture = picture_of(history, 1, dimensions)
    frames = picture.frames
    assert frames[0] == 0
    assert frames[-1] == len(history.snapshots) - 1
    assert (np.diff(frames) > 0).all()
    assert len(frames) <= MOST_FRAMES
    assert picture.projection.coordinates.shape == (len(frames), len(settings.words.vocabulary), dimensions)
    assert len(picture.kept) == len(frames)
    assert (picture.projection.shown <= 1 + 1e-6).all()


def _large_history(rows: int, columns: int, steps: int) -> History:
    run = Run(
        task=run_of(own(" ".join(f"w{n}" for n in range(rows)) + "\nw0 w1", size=1000, window=1)).task,
        num_embeddings=rows, embedding_dim=columns, optimizer=run_of(QUICK).optimizer, steps=steps,
    )  # fmt: skip
    return train(run)


def test_a_picture_of_a_large_table_has_fewer_frames() -> None:
    rows, columns = 300, 64
    picture = picture_of(_large_history(rows, columns, 100), 0, 2)
    assert 12 <= len(picture.frames) < 101
    assert len(picture.frames) * rows * columns <= max(MOST_NUMBERS, 12 * rows * columns)
    assert picture.frames[-1] == 100


def test_what_goes_to_the_browser_is_bounded() -> None:
    page = opened("laboratory", columns="64", steps="5000", size="1000", source="Royal houses")
    calm(page.button(key="lab_train").click().run())
    assert len(payload(page)) < 6_000_000
