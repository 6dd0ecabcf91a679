"""The readers on texts that nothing is trained on: floors below which a change has broken something. Figures: docs/quality.md."""

from __future__ import annotations

import pytest

from benchmarks.eval import constructed
from benchmarks.eval.constructed import Tally
from nlp.knowledge import Knowledge
from seeds import load_knowledge


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def _share(figure: object) -> float:
    if isinstance(figure, Tally):
        assert figure.total >= 25
        return figure.right / figure.total
    return float(str(figure))


def _hold(figures: dict[str, object], floors: dict[str, float]) -> None:
    assert set(floors) == set(figures)
    low = {name: str(figures[name]) for name, floor in floors.items() if _share(figures[name]) < floor}
    assert not low


def test_roles(knowledge: Knowledge) -> None:
    _hold(
        constructed.roles(knowledge),
        {
            "brand found": 0.97,
            "role": 0.88,
            "role, macro-F1": 0.88,
            "purchased, precision": 0.97,
            "purchased, recall": 0.9,
        },
    )


def test_brands(knowledge: Knowledge) -> None:
    _hold(constructed.brands(knowledge), {"brand in a short text": 0.97, "trap silent": 0.97})


def test_models(knowledge: Knowledge) -> None:
    _hold(constructed.models(knowledge), {"model: class": 0.97, "no model": 1.0})


def test_amounts() -> None:
    _hold(constructed.amounts(), {"amount": 0.99})


def test_units(knowledge: Knowledge) -> None:
    floors = {"public security": 0.995, "tier": 0.995, "level": 0.995, "division": 0.99, "English name": 0.97}
    _hold(constructed.units(knowledge), {f"unit: {name}": floor for name, floor in floors.items()})
