"""Cases no model may get wrong. All constructed; a failure here blocks a new model."""

from __future__ import annotations

import json

import pytest

from nlp.roles import assign_roles
from seeds.labels.generate import HERE
from seeds.models import load_role_model
from tests.nlp.roles.texts import parse

BENCH = HERE / "bench.jsonl"
CASES = [json.loads(line) for line in BENCH.read_text(encoding="utf-8").splitlines()]


def answer(marked: str) -> str:
    text, spans, context = parse(marked)
    return assign_roles(text, spans, context, load_role_model())[0].role.value


@pytest.mark.parametrize("case", [case for case in CASES if case["quality"] == "STRONG"], ids=lambda case: case["text"])
def test_strong(case: dict[str, str]) -> None:
    assert answer(case["text"]) == case["label"]


def test_medium_and_weak_cases_stay_as_good_as_they_were() -> None:
    others = [case for case in CASES if case["quality"] != "STRONG"]
    right = sum(answer(case["text"]) == case["label"] for case in others)
    assert others
    assert right / len(others) >= 0.5
