"""The compiled classifier: a weight for each feature and role. Plain numbers; the library that trained it is not needed to read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nlp.types import MentionRole


@dataclass(frozen=True, slots=True)
class RoleModel:
    """Multinomial logistic regression, calibrated by one temperature that is already inside the weights.

    ``roles`` gives the order of all vectors; ``unresolved`` among them means "the text does not show a role". ``thresholds`` is
    the least score at which a role is decided; ``rule_scores`` the measured precision of each rule by its id.
    """

    version: str
    roles: tuple[MentionRole, ...]
    intercept: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]
    thresholds: Mapping[MentionRole, float]
    rule_scores: Mapping[str, float]
    card: Mapping[str, object] = field(default_factory=dict)

    def probabilities(self, features: Sequence[str]) -> tuple[float, ...]:
        """Calibrated probability of each role, in the order of ``roles``. Features the model does not know add nothing."""
        known = self.weights
        rows = [known[feature] for feature in features if feature in known]
        rows.append(self.intercept)
        totals = list(map(sum, zip(*rows, strict=True)))
        top = max(totals)
        exponents = [math.exp(total - top) for total in totals]
        scale = sum(exponents)
        return tuple(value / scale for value in exponents)
