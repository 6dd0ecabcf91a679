"""# Clerical error

**Definition.** The text says that the brand was written by mistake (误写为, 误将, 系笔误, 填写错误).
**Role.** `negated`.
**Example.** `原公告中“东芝”系笔误`.
**Exclusions.** The word after 应为 is the right one and is left to the other rules.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "1"

_LEFT: Final = regex(r"(?:误写|误填|误植|误录|错写|错填|写错|误标)[为成作]?[“\"'：:]?$|误将[^，。；]{0,10}$")
_RIGHT: Final = regex(
    r"^[^，。；]{0,12}(?:[系属为]笔误|[系属为]?(?:误写|误填|错误填写|填写错误|书写错误|录入错误|打印错误|误植))"
)
_ANY: Final = regex(r"误|错")


def decide(view: MentionView) -> Outcome:
    """Look directly left of the list and shortly right of it."""
    left, right = view.left, view.sentence_right
    if not _ANY.search(left) and not _ANY.search(right[:24]):
        return NotApplicable("no word of error beside the mention")
    if (found := _LEFT.search(left)) is not None:
        return Match(MentionRole.NEGATED, view.clause[0] + found.start(), view.end)
    if (found := _RIGHT.search(right)) is not None:
        return Match(MentionRole.NEGATED, view.start, max(view.group.end, view.end) + found.end())
    return NO_MATCH
