"""From brand spans to roles: certain rules first, then the model, then "a person must look"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlp.roles.features import extract
from nlp.roles.layout import Layout
from nlp.roles.model import RoleModel
from nlp.roles.rules import RULES, Match
from nlp.roles.types import FoundMention, RoleContext, RoleDecision
from nlp.roles.view import MentionView, group_mentions
from nlp.types import MentionRole

_EMPTY = RoleContext()


def views(text: str, found: Sequence[FoundMention], context: RoleContext = _EMPTY) -> Iterator[MentionView]:
    """One view a mention, in the order given. All views share one pass over the text."""
    layout = Layout(text, context)
    for mention, group in zip(found, group_mentions(layout, found), strict=True):
        yield MentionView(layout, mention, group)


def decide_by_rule(view: MentionView) -> tuple[str, str, Match] | None:
    """The first certain rule: its id, its name with version, and the match."""
    for rule in RULES:
        outcome = rule.decide(view)
        if isinstance(outcome, Match):
            return rule.rule_id, rule.name, outcome
    return None


def assign_roles(
    text: str, found: Sequence[FoundMention], context: RoleContext, model: RoleModel
) -> tuple[RoleDecision, ...]:
    """One decision a mention, in the order given. Spans are code points of ``text`` and must lie inside it."""
    if not found:
        return ()
    return tuple(_decide(view, model) for view in views(text, found, context))


def _decide(view: MentionView, model: RoleModel) -> RoleDecision:
    certain = decide_by_rule(view)
    if certain is not None:
        rule_id, name, match = certain
        return RoleDecision(match.role, model.rule_scores[rule_id], name, match.role)
    scores = model.probabilities(extract(view))
    name = f"model@{model.version}"
    ranked = sorted(zip(scores, model.roles, strict=True), key=lambda pair: -pair[0])
    first = next(pair for pair in ranked if pair[1] is not MentionRole.UNRESOLVED)
    if ranked[0][1] is MentionRole.UNRESOLVED or first[0] < model.thresholds[first[1]]:
        return RoleDecision(MentionRole.UNRESOLVED, first[0], name, first[1])
    return RoleDecision(first[1], first[0], name, first[1])
