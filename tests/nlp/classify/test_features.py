"""Features: the quick patterns find what the written ones find."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from nlp.classify import features

_CHARACTERS = sorted(
    {char for p in (features._AREA_CUES, features._TIER_CUES, features._BOILERPLATE) for char in p.pattern}
)


@given(st.text(st.sampled_from([char for char in _CHARACTERS if char not in "()[]|?*+{}<>:!^$\\"]), max_size=40))
def test_cues_are_found_wherever_they_begin(text: str) -> None:
    for slow, quick in (
        (features._AREA_CUES, features._QUICK_AREA_CUES),
        (features._TIER_CUES, features._QUICK_TIER_CUES),
        (features._BOILERPLATE, features._QUICK_BOILERPLATE),
    ):
        assert [(m.span(), m.lastgroup) for m in quick.finditer(text)] == [
            (m.span(), m.lastgroup) for m in slow.finditer(text)
        ]


def test_every_word_of_the_cues_is_still_found() -> None:
    """Each piece of the patterns, cut at their marks, is a word or the beginning of one."""
    for slow, quick in (
        (features._AREA_CUES, features._QUICK_AREA_CUES),
        (features._TIER_CUES, features._QUICK_TIER_CUES),
    ):
        text = re.sub(r"\(\?P<\w+>|\(\?[:!<=]*|[()\[\]|?^$]", " ", slow.pattern)
        assert slow.sub("", text) == quick.sub("", text)
