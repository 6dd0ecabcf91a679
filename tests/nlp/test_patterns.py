"""Patterns that wait for their first use."""

from __future__ import annotations

import copy
import gc
import importlib
import pkgutil
import re

import pytest

import nlp
from nlp import patterns
from nlp.patterns import regex


def test_every_waiting_pattern_of_the_reader_compiles() -> None:
    for module in pkgutil.walk_packages(nlp.__path__, "nlp."):
        importlib.import_module(module.name)
    waiting = [thing for thing in gc.get_objects() if isinstance(thing, patterns._Waiting)]
    assert len(waiting) > 300
    for one in waiting:
        assert re.compile(one.pattern, one.flags_given).pattern == one.pattern


def test_the_same_answers_as_a_compiled_pattern() -> None:
    source, text = r"(?P<digits>\d+)|[a-c]", "x12aB3"
    for flags in (0, re.IGNORECASE):
        waiting, compiled = regex(source, flags), re.compile(source, flags)
        assert waiting.pattern == source
        assert waiting.findall(text) == compiled.findall(text)
        assert [m.span() for m in waiting.finditer(text, 1)] == [m.span() for m in compiled.finditer(text, 1)]
        assert waiting.sub("-", text) == compiled.sub("-", text)
        assert waiting.split(text) == compiled.split(text)
        assert dict(waiting.groupindex) == {"digits": 1}
        assert waiting.flags == compiled.flags
        assert waiting.match(text) is None
        assert waiting.fullmatch("12") is not None


def test_nothing_is_compiled_before_it_is_asked() -> None:
    broken = regex("(")
    assert "(" in repr(broken)
    with pytest.raises(re.error):
        broken.search("")


def test_no_special_method_is_made_up() -> None:
    assert not hasattr(regex("a"), "__missing__")
    assert copy.copy(regex("a")).pattern == "a"
