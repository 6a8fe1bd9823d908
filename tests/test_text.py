"""Words and their vocabulary."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import Vocabulary, documents, tokenize

words = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f"]), max_size=40)


@given(st.text())
def test_tokenizing_the_words_again_gives_the_same_words(text: str) -> None:
    words = tokenize(text).words
    assert tokenize(" ".join(words)).words == words


@given(st.text())
def test_a_word_begins_with_a_letter_or_digit_and_is_lower_cased_nfc(text: str) -> None:
    for word in tokenize(text).words:
        assert word[0].isalnum()
        assert word == unicodedata.normalize("NFC", word.lower())


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_every_character_is_kept_dropped_or_white_space(text: str) -> None:
    tokens = tokenize(text)
    kept, white = sum(map(len, tokens.words)), sum(map(str.isspace, text))
    assert kept + tokens.dropped.total() + white == len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't 'stop', don’t.", ("don't", "stop", "don't")),
        ("E\u0301te\u0301 ÉTÉ", ("été", "été")),
        ("हिन्दी भाषा", ("हिन्दी", "भाषा")),
        ("日本の本", ("日", "本", "の", "本")),
        ("Em\u00adbedding \ufeffx", ("embedding", "x")),
        ("42 half-open snake_case", ("42", "half", "open", "snake", "case")),
        ("❤\ufe0f \u0301 '' !", ()),
        ("", ()),
    ],
)
def test_words(text: str, expected: tuple[str, ...]) -> None:
    assert tokenize(text).words == expected


def test_dropped_characters_come_most_common_first() -> None:
    tokens = tokenize("a, b! c! d!\n")
    assert list(tokens.dropped.items()) == [("!", 3), (",", 1)]
    assert tokens.dropped.total() == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\n\n  two \r\nthree", ("one", "two", "three")),
        ("One. Two! Three? 3.5 four", ("One.", "Two!", "Three?", "3.5 four")),
        ("一。二！三", ("一。", "二！", "三")),
        ("One. Two.\nThree.", ("One. Two.", "Three.")),
        ("alone", ("alone",)),
        (" \n ", ()),
    ],
)
def test_documents(text: str, expected: tuple[str, ...]) -> None:
    assert documents(text) == expected


@given(words, st.booleans(), st.booleans())
def test_decoding_undoes_encoding(words: list[str], pad: bool, unk: bool) -> None:
    vocabulary = Vocabulary.of(words, pad=pad, unk=unk)
    assert vocabulary.decode(vocabulary.encode(words)) == tuple(words)
    assert vocabulary.reserved == pad + unk
    assert len(vocabulary) == len(set(words)) + pad + unk


@given(words, st.integers(1, 7), st.booleans(), st.booleans())
def test_the_counts_are_those_of_the_encoded_words(words: list[str], size: int, pad: bool, unk: bool) -> None:
    vocabulary = Vocabulary.of(words, size, pad, unk)
    assert np.array_equal(np.bincount(vocabulary.encode(words), minlength=len(vocabulary)), vocabulary.counts)
    assert (np.diff(vocabulary.counts[vocabulary.reserved :]) <= 0).all()
    assert len(vocabulary) - vocabulary.reserved == min(size, len(set(words)))


def test_equally_frequent_words_stay_in_the_order_they_were_seen() -> None:
    vocabulary = Vocabulary.of(["b", "a", "c", "a", "d"], size=3)
    assert vocabulary.tokens == ("<pad>", "<unk>", "a", "b", "c")
    assert vocabulary.encode(["d", "a", "new"]).tolist() == [1, 2, 1]


def test_without_unk_unknown_words_are_left_out() -> None:
    assert Vocabulary.of(["a", "b"], unk=False).encode(["b", "new", "a"]).tolist() == [2, 1]


def test_a_vocabulary_says_which_rule_was_broken() -> None:
    vocabulary = Vocabulary.of(["a"])
    with pytest.raises(ValueError, match="size must be at least 1, got 0"):
        Vocabulary.of(["a"], size=0)
    with pytest.raises(ValueError, match="words must not be the reserved <pad>"):
        Vocabulary.of(["a", "<pad>"])
    with pytest.raises(TypeError, match="got the string 'a b'"):
        vocabulary.encode("a b")
    with pytest.raises(IndexError, match=r"indices must lie in \[0, 3\), got -1"):
        vocabulary.decode([0, -1])
    with pytest.raises(TypeError, match="indices must be integers, got float64"):
        vocabulary.decode([0.5])
    assert vocabulary.decode([]) == ()
