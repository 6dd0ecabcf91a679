"""The shape of a rule: a version, a public page (its module's docstring), and one pure function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nlp.roles.view import MentionView
from nlp.types import MentionRole
from nlp.values import value


@value
class Match:
    """The rule is certain: ``role``, and the span of the text that proves it."""

    role: MentionRole
    start: int
    end: int


@value
class NoMatch:
    """The rule looked and does not say anything about this mention."""


@value
class NotApplicable:
    """What the rule looks at is not there."""

    reason: str


Outcome = Match | NoMatch | NotApplicable
NO_MATCH: Final = NoMatch()
"""The one value all rules return for "no"."""


@value
class Rule:
    """``rule_id`` is the module's name; ``page`` its docstring."""

    rule_id: str
    version: str
    page: str
    decide: Callable[[MentionView], Outcome]

    @property
    def name(self) -> str:
        return f"{self.rule_id}@{self.version}"
