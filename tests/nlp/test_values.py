"""Values: like frozen dataclasses in all but price."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from nlp.types import Block, BlockKind, Money, TextSpan
from nlp.values import changed, value


@value
class Point:
    x: int
    y: int = 2


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    x: int
    y: int = 2


def test_equality_hash_and_form_are_those_of_a_frozen_dataclass() -> None:
    assert Point(1) == Point(1, 2)
    assert Point(1) != Point(2)
    others: list[object] = [Frozen(1), (1, 2), None]
    assert Point(1) not in others
    assert hash(Point(1)) == hash(Frozen(1))
    assert repr(Point(1)) == repr(Frozen(1)).replace("Frozen", "Point")
    assert len({Point(1), Point(1), Point(3)}) == 2


def test_values_of_two_classes_are_never_equal() -> None:
    span: object = TextSpan("a", 1, 2)
    assert span != Block(BlockKind.ROW, 1, 2)


def test_values_are_replaced_copied_and_stored() -> None:
    money = Money(None, "5元", "empty")
    assert dataclasses.replace(money, reason=None) == changed(money, reason=None) == Money(None, "5元")
    assert pickle.loads(pickle.dumps(money)) == money
    assert dataclasses.asdict(Point(1)) == {"x": 1, "y": 2}
    assert not hasattr(money, "__dict__")


def test_a_field_that_a_value_has_not_is_refused() -> None:
    assert changed(Point(1), y=5) == Point(1, 5)
    with pytest.raises(TypeError, match="Point has no field z"):
        changed(Point(1), z=5)
