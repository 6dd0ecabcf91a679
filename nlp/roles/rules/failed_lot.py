"""# Lot without an award

**Definition.** The line of goods belongs to a lot that failed or was cancelled (废标, 流标, 终止), as the lot reader found.
**Role.** `candidate`: what was offered there was not bought.
**Example.** Lot 2 failed; its line names 海康威视.
**Exclusions.** Mentions outside a line of goods.
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
    if view.lot_status in {LotStatus.FAILED, LotStatus.CANCELLED}:
        return Match(MentionRole.CANDIDATE, view.item.start, view.item.end)
    return NO_MATCH
