"""Tier of an organisation's name that no rule decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlp.classify.features import unit_features
from nlp.types import Tier

if TYPE_CHECKING:
    from nlp.classify.model import LinearModel

DECIDED = "classifier"
REVIEW = "review"
OPEN_REASONS = frozenset({"no_rule", DECIDED, REVIEW})
"""Reasons of a reading whose tier no rule gave."""

_KINDS = {
    Tier.MINISTRY: "ministry_bureau",
    Tier.ORGAN: "police",
    Tier.SPECIALISED: "police",
    Tier.ACADEMY: "police_academy",
    Tier.FIRE: "fire_rescue",
}


@dataclass(frozen=True, slots=True)
class OpenName:
    """``reason``: ``classifier`` where the score reaches the tier's threshold; else ``review``, and the tier stays ``other``."""

    tier: Tier
    unit_class: str
    reason: str
    score: float


def tier_of(tail: str, model: LinearModel) -> OpenName:
    """The tier of a name whose place was cut off (``tail``), where the rules have given none."""
    answer = model.answer(unit_features(tail))
    if answer is None or not answer.decided:
        return OpenName(Tier.OTHER, "other", REVIEW, answer.score if answer is not None else 0.0)
    tier = Tier(answer.label)
    return OpenName(tier, _KINDS.get(tier, tier.value), DECIDED, answer.score)
