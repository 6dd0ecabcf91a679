"""Rules that are certain, in the order they are asked. The first match decides; what no rule decides goes to the model."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from nlp.roles.rules import (
    after_correction,
    authorisation,
    award_line,
    award_statement,
    before_correction,
    candidate_lot,
    candidate_statement,
    choose_one,
    clerical_error,
    comparison_table,
    connects_to,
    consumable_for,
    contract_line,
    contract_statement,
    deleted_statement,
    domestic_replacement,
    excluded_statement,
    failed_lot,
    forensic_target,
    goods_field,
    goods_list,
    goods_title,
    import_list,
    installed_statement,
    listed_under,
    maintenance_line,
    maintenance_service,
    maintenance_title,
    negated_statement,
    reference_statement,
    required_statement,
    row_outcome,
    several_brands,
    software_platform,
    supplier_name,
)
from nlp.roles.rules.base import Match, NoMatch, NotApplicable, Outcome, Rule

__all__ = ["RULES", "Match", "NoMatch", "NotApplicable", "Outcome", "Rule"]


def _rule(module: ModuleType) -> Rule:
    return Rule(module.__name__.rpartition(".")[2], module.VERSION, module.__doc__ or "", module.decide)


RULES: Final[tuple[Rule, ...]] = tuple(
    _rule(module)
    for module in (
        domestic_replacement,
        before_correction,
        clerical_error,
        supplier_name,
        failed_lot,
        candidate_lot,
        row_outcome,
        deleted_statement,
        excluded_statement,
        authorisation,
        forensic_target,
        consumable_for,
        negated_statement,
        after_correction,
        choose_one,
        comparison_table,
        connects_to,
        software_platform,
        reference_statement,
        maintenance_title,
        maintenance_service,
        maintenance_line,
        installed_statement,
        several_brands,
        contract_line,
        award_line,
        import_list,
        listed_under,
        goods_field,
        goods_list,
        award_statement,
        candidate_statement,
        contract_statement,
        goods_title,
        required_statement,
    )
)
