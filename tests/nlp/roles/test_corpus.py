"""Figures on the evaluation corpus beside the checkout. Read only, never trained on."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from nlp.roles import RoleContext, assign_roles
from seeds.models import load_role_model
from tests.nlp.roles.texts import Span

DEV = Path(__file__).resolve().parents[4] / "shared" / "corpus" / "brands" / "mentions_dev.jsonl"
PURCHASED = {"awarded", "contracted"}


@pytest.mark.corpus
@pytest.mark.skipif(not DEV.exists(), reason=f"no evaluation corpus at {DEV}")
def test_gates_on_given_spans() -> None:
    right: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    bought = said = both = 0
    model = load_role_model()
    for line in DEV.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        gold = sorted(row["mentions"], key=lambda mention: mention["start"])
        spans = [Span(mention["start"], mention["end"], mention["surface"]) for mention in gold]
        for mention, decision in zip(gold, assign_roles(row["text"], spans, RoleContext(), model), strict=True):
            if mention["role"] is None:
                continue
            answer = decision.role.value
            answer = mention["role"] if answer in mention["role_alt"] else answer
            if answer == mention["role"]:
                right[answer] += 1
            else:
                missed[mention["role"]] += 1
                wrong[answer] += 1
            bought += mention["role"] in PURCHASED
            said += answer in PURCHASED
            both += mention["role"] in PURCHASED and answer in PURCHASED
    roles = set(right) | set(missed)
    scores = [2 * right[role] / (2 * right[role] + missed[role] + wrong[role]) for role in roles]
    assert sum(scores) / len(scores) >= 0.85
    assert both / said >= 0.97
    assert both / bought >= 0.95
