"""Every rule has a page and the three lists of cases, and decides them as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.roles.assign import decide_by_rule
from nlp.roles.rules import RULES, Match, NoMatch, NotApplicable
from seeds.rule_pages import page
from tests.nlp.roles.rule_cases import CASES
from tests.nlp.roles.texts import first_view

BY_ID = {rule.rule_id: rule for rule in RULES}
PAGES = Path(__file__).parents[3] / "docs" / "rules"


def test_every_rule_has_cases_and_every_case_a_rule() -> None:
    assert set(CASES) == set(BY_ID)


@pytest.mark.parametrize("rule_id", sorted(CASES))
def test_no_list_of_cases_is_empty(rule_id: str) -> None:
    cases = CASES[rule_id]
    assert cases.applies
    assert cases.does_not_apply
    assert cases.not_applicable


@pytest.mark.parametrize(
    ("rule_id", "marked", "role"), [(name, *case) for name, cases in CASES.items() for case in cases.applies]
)
def test_applies(rule_id: str, marked: str, role: str) -> None:
    view = first_view(marked)
    outcome = BY_ID[rule_id].decide(view)
    assert isinstance(outcome, Match), outcome
    assert outcome.role.value == role
    assert 0 <= outcome.start < outcome.end <= len(view.text)


@pytest.mark.parametrize(
    ("rule_id", "marked", "role"), [(name, *case) for name, cases in CASES.items() for case in cases.applies]
)
def test_no_earlier_rule_says_something_else(rule_id: str, marked: str, role: str) -> None:
    decided = decide_by_rule(first_view(marked))
    assert decided is not None, rule_id
    assert decided[2].role.value == role, decided[0]


@pytest.mark.parametrize(
    ("rule_id", "marked"), [(name, case) for name, cases in CASES.items() for case in cases.does_not_apply]
)
def test_does_not_apply(rule_id: str, marked: str) -> None:
    assert isinstance(BY_ID[rule_id].decide(first_view(marked)), NoMatch)


@pytest.mark.parametrize(
    ("rule_id", "marked"), [(name, case) for name, cases in CASES.items() for case in cases.not_applicable]
)
def test_not_applicable(rule_id: str, marked: str) -> None:
    outcome = BY_ID[rule_id].decide(first_view(marked))
    assert isinstance(outcome, NotApplicable)
    assert outcome.reason


@pytest.mark.parametrize("rule_id", sorted(BY_ID))
def test_page_is_complete_and_generated(rule_id: str) -> None:
    rule = BY_ID[rule_id]
    for part in ("# ", "**Definition.**", "**Role.**", "**Example.**", "**Exclusions.**"):
        assert part in rule.page
    assert (PAGES / f"{rule_id}.md").read_text(encoding="utf-8") == page(rule)


def test_no_page_without_a_rule() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == {*BY_ID, "index"}
