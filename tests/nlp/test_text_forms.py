"""The quick way and the careful way to the normal form agree."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlp.brands.fold import fold
from nlp.notice.norm import Evened, even
from nlp.text import normalise

texts = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("采釆公安（）：ＡＢ１２ ¦\n·×—－①㎡㈱")), max_size=40
)


def one_by_one(text: str, *, casefold: bool) -> str:
    """Each character alone, behind one that takes the careful way."""
    return "".join(normalise("①" + char, casefold=casefold).text[1:] for char in text)


@given(texts, st.booleans())
def test_normal_form_is_that_of_its_characters(text: str, casefold: bool) -> None:
    found = normalise(text, casefold=casefold)
    assert found.text == (one_by_one(text, casefold=casefold) if not text.isascii() else found.text)
    for at in range(len(found.text)):
        start, end = found.span(at, at + 1)
        assert 0 <= start < end <= len(text)


@given(texts)
def test_the_matching_form_is_the_normal_form(text: str) -> None:
    assert fold(text).cased == normalise(text).text


@given(texts)
def test_even_keeps_the_length(text: str) -> None:
    assert len(even(text)) == len(text)


@given(texts, st.integers(0, 40), st.integers(0, 40))
def test_a_part_is_even_as_if_it_stood_alone(text: str, start: int, end: int) -> None:
    assert Evened(text).part(start, end) == even(text[start:end])


def test_full_width_figures_make_only_the_part_they_stand_in_plain() -> None:
    assert even("采购，１２") == "采购,12"
    assert Evened("采购，１２").part(0, 3) == "采购，"
