"""Stored models. A model is loaded only when its card fits the code that will feed it."""

from __future__ import annotations

import json
from functools import cache
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Final

from nlp.roles.features import dictionary_fingerprint, fingerprint
from nlp.roles.model import RoleModel
from nlp.roles.rules import RULES
from nlp.types import MentionRole

HERE: Final = Path(__file__).parent
ROLE_WEIGHTS: Final = "roles.weights.json"
ROLE_CARD: Final = "roles.card.json"


class ModelMismatchError(RuntimeError):
    """The stored model was made for other features, rules or another dictionary, or its file is damaged. Remedy: ``caigou train``."""


@cache
def load_role_model(folder: Path = HERE, *, segmenter: bool = True) -> RoleModel:
    """The role model with its card.

    ``segmenter`` False takes the segmenter's dictionary, which costs a fifth of a second to load, as the card's own when the release of
    the package is: the dictionary is compiled into it.

    Raises :class:`ModelMismatchError` when features, cue lexicon, rules or the segmenter's dictionary differ from the card, or a file
    cannot be read.
    """
    try:
        card = json.loads((folder / ROLE_CARD).read_text(encoding="utf-8"))
        stored = json.loads((folder / ROLE_WEIGHTS).read_text(encoding="utf-8"))
        expected = {
            "features": fingerprint(),
            "rules": {rule.rule_id: rule.version for rule in RULES},
            "version": stored["version"],
        }
        if segmenter or card["libraries"]["rjieba"] != package_version("rjieba"):
            expected["dictionary"] = dictionary_fingerprint()
        for key, value in expected.items():
            if card[key] != value:
                raise ModelMismatchError(
                    f"{folder / ROLE_CARD}: {key} is {card[key]}, the code has {value}; run `caigou train`"
                )
        roles = tuple(MentionRole(role) for role in stored["roles"])
        weights = {feature: tuple(map(float, row)) for feature, row in stored["weights"].items()}
        intercept = tuple(map(float, stored["intercept"]))
        if any(len(row) != len(roles) for row in weights.values()) or len(intercept) != len(roles):
            raise ModelMismatchError(f"{folder / ROLE_WEIGHTS}: rows of different length; run `caigou train`")
        return RoleModel(
            version=stored["version"],
            roles=roles,
            intercept=intercept,
            weights=weights,
            thresholds={MentionRole(role): float(value) for role, value in card["thresholds"].items()},
            rule_scores={rule: float(value) for rule, value in card["rule_scores"].items()},
            card=card,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelMismatchError(f"{folder}: the role model cannot be read ({error}); run `caigou train`") from error
