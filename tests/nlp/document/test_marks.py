"""Words of the markup: one pass finds what looking for each would find."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.document import marks as module
from nlp.document.marks import marks, marks_in_any_case, words_of

WORDS = module._WORDS
pieces = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(module._ANY_CASE).map(str.title),
        st.text(max_size=12),
        st.sampled_from(["公告", "_", "de", "x" * 9]),
    )
)


@given(pieces.map("".join))
def test_the_same_as_one_by_one(source: str) -> None:
    folded = source.encode("utf-8").lower().decode("utf-8")
    any_case = {f"~{word}" for word in {*map(str.lower, WORDS), *module._ANY_CASE} if word in folded}
    assert words_of(source) == {word for word in WORDS if word in source} | any_case


@pytest.mark.parametrize("word", ["noticeArea", "isplay", "trade-process"])
@pytest.mark.parametrize("shift", [-20, -5, -1, 0, 1])
def test_a_word_across_two_chunks(word: str, shift: int) -> None:
    source = "." * (module._CHUNK + shift) + word + "." * 50
    assert word in words_of(source)
    assert "DEAL_CLASSIFY" not in words_of(source)


def test_nothing_in_nothing() -> None:
    assert words_of("") == frozenset()
    assert words_of("\ud800 noticeArea") >= {"noticeArea", "notice"}


def test_a_word_nobody_looks_for_is_refused() -> None:
    assert marks("qr") == {"qr"}
    with pytest.raises(KeyError, match="nowhere"):
        marks("nowhere")
    with pytest.raises(KeyError, match="qr"):
        marks_in_any_case("qr")


def test_classes_and_ids_in_any_case() -> None:
    assert marks_in_any_case("noticearea") <= words_of("<div id=NOTICEAREA>")
    assert not marks("noticeArea") & words_of("<div id=NOTICEAREA>")
