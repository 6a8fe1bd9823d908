"""Which text: a built-in corpus, or the learner's own. What is wrong with a text is said; the last good one stays."""

import base64
import zlib
from collections import Counter
from functools import lru_cache
from typing import Any, NamedTuple

import streamlit as st
from numpy.typing import NDArray

from core.corpora import CORPORA, Corpus
from core.text import Tokens, Vocabulary, documents, tokenize
from core.uploads import MAX_BYTES, LabelledText, read_csv, read_text
from lessons.ui.knobs import Knobs

OWN = "Your own text"
SOURCES = (*CORPORA, OWN)
SAMPLE = """The cat sat on the mat. The dog sat on the rug.
The cat chased the mouse. The dog chased the cat.
A mouse hid under the mat. A cat hid under the rug."""
LEFT_OUT = "left-out"
LONGEST_IN_LINK = 4000  # characters of the compressed text; beyond it some browsers and chats cut an address


class Words(NamedTuple):
    """A corpus as words and ids."""

    corpus: Corpus
    tokens: tuple[Tokens, ...]  # per document
    vocabulary: Vocabulary
    ids: tuple[NDArray[Any], ...]  # per document, (n,)
    dropped: Counter[str]  # characters
    missing: int  # words without an id of their own


def draw_source(knobs: Knobs) -> tuple[str, str]:
    """The controls of the text; the name of the source and, for the learner's own, the text."""
    with st.container(border=True, gap="small"):
        source = knobs.draw("source")
        if source != OWN:
            st.caption(corpus_of(source, "").note)
            return source, ""
        text = knobs.draw("text")
        st.file_uploader(
            "Or a .txt or .csv file, up to 1 MB",
            type=["txt", "csv"],
            key="lab_upload",
            on_change=_uploaded,
            args=(knobs,),
            help="UTF-8, up to 1 MB. A .csv needs a column named text; its other columns are labels.",
        )
        beside, complaint = st.session_state.get("lab_upload_complaint", ("", ""))
        if beside != text or not complaint:  # what was wrong with a file is of no interest once the text has changed
            complaint = _complaint(text)
        if complaint:
            st.error(complaint)
        if not _complaint(text):
            st.session_state["lab_good_text"] = text
        return source, st.session_state.get("lab_good_text", SAMPLE)


@lru_cache(maxsize=32)
def corpus_of(source: str, text: str) -> Corpus:
    """The built-in corpus of that name, or the learner's own text as one. Raises ValueError for a bad table."""
    if source != OWN:
        return CORPORA[source]()
    labelled = read_csv(text) if _is_table(text) else LabelledText(documents=documents(text), labels={})
    return Corpus(name=OWN, note="", documents=labelled.documents, labels=labelled.labels, groups={})


@lru_cache(maxsize=32)
def words_of(source: str, text: str, pad: bool, unk: bool, size: int) -> Words:
    """Words, vocabulary and ids of a text."""
    corpus = corpus_of(source, text)
    tokens = tuple(tokenize(document) for document in corpus.documents)
    vocabulary = Vocabulary.of((word for part in tokens for word in part.words), size=size, pad=pad, unk=unk)
    ids = tuple(vocabulary.encode(part.words) for part in tokens)
    dropped = Counter[str]()
    for part in tokens:
        dropped.update(part.dropped)
    missing = sum(word not in vocabulary.ids for part in tokens for word in part.words)
    return Words(corpus, tokens, vocabulary, ids, dropped, missing)


def pack_text(text: str) -> str:
    """A text for a link: compressed, in letters that need no escaping; LEFT_OUT if it is too long for one."""
    packed = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    return packed if len(packed) <= LONGEST_IN_LINK else LEFT_OUT


def unpack_text(packed: str) -> str:
    """The text of a link. Raises ValueError for anything that `pack_text` did not write."""
    if packed == LEFT_OUT:
        raise ValueError("is left out, for it was too long for an address")
    unzip = zlib.decompressobj()
    try:
        data = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        text = unzip.decompress(data, MAX_BYTES).decode()
        if unzip.eof:  # else it is cut off, or unzips to more than a text may have
            return text
    except (ValueError, zlib.error):  # binascii.Error and UnicodeDecodeError are ValueErrors
        pass
    raise ValueError("must be a text packed by this page")


def _is_table(text: str) -> bool:
    """A first line that names a column `text` beside others makes the text a table with labels."""
    first = text.lstrip("\ufeff\n ").split("\n", 1)[0].lower()
    columns = [name.strip(' "\r') for name in first.replace(";", ",").replace("\t", ",").split(",")]
    return "text" in columns and len(columns) > 1


@lru_cache(maxsize=32)
def _complaint(text: str) -> str:
    """What is wrong with the learner's own text; "" if nothing is."""
    try:
        read_text(text.encode(), "the text")
        corpus_of(OWN, text)
    except ValueError as error:
        message = str(error)
        return f"{message[0].upper()}{message[1:]}. The last text that worked stays in use."
    return ""


def _uploaded(knobs: Knobs) -> None:
    st.session_state["lab_upload_complaint"] = ("", "")
    upload = st.session_state["lab_upload"]
    if upload is None:
        return
    try:
        text = read_text(upload.getvalue(), upload.name)
        if upload.name.lower().endswith(".csv"):
            read_csv(text)
        knobs.set("text", text)
    except ValueError as error:
        st.session_state["lab_upload_complaint"] = (knobs["text"], f"{error}. The text above stays.")
