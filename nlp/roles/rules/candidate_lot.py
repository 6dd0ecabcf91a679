"""# Line of a candidate

**Definition.** The line of goods belongs to a candidate (中标候选人), as the lot reader found.
**Role.** `candidate`.
**Example.** A table of the first, second and third candidate with their products.
**Exclusions.** Mentions outside a line of goods; lines of the winner.
"""

from __future__ import annotations

from typing import Final

from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import LotStatus, MentionRole

VERSION: Final = "1"


def decide(view: MentionView) -> Outcome:
    """Look at the status of the line or its lot."""
    if view.item is None or view.lot_status is None:
        return NotApplicable("no line of goods with a known status")
    if view.lot_status is LotStatus.CANDIDATE:
        return Match(MentionRole.CANDIDATE, view.item.start, view.item.end)
    return NO_MATCH
