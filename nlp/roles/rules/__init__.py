"""Rules that are certain, in the order they are asked. The first match decides; what no rule decides goes to the model."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from nlp.roles.rules import (
    authorisation,
    award_line,
    before_correction,
    candidate_lot,
    choose_one,
    clerical_error,
    consumable_for,
    contract_line,
    domestic_replacement,
    excluded_statement,
    failed_lot,
    forensic_target,
    maintenance_title,
    negated_statement,
    reference_statement,
    supplier_name,
)
from nlp.roles.rules.base import Match, NoMatch, NotApplicable, Outcome, Rule

__all__ = ["RULES", "Match", "NoMatch", "NotApplicable", "Outcome", "Rule"]


def _rule(module: ModuleType) -> Rule:
    return Rule(module.__name__.rpartition(".")[2], module.VERSION, module.__doc__ or "", module.decide)


RULES: Final[tuple[Rule, ...]] = tuple(
    _rule(module)
    for module in (
        before_correction,
        clerical_error,
        supplier_name,
        failed_lot,
        candidate_lot,
        domestic_replacement,
        excluded_statement,
        authorisation,
        forensic_target,
        consumable_for,
        negated_statement,
        choose_one,
        reference_statement,
        maintenance_title,
        contract_line,
        award_line,
    )
)
