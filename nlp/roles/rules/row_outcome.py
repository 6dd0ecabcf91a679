"""# Row that says it lost

**Definition.** Another cell of the row says that this offer did not win (未中标, 未成交, 落标, 第二名, 无效).
**Role.** `candidate`.
**Example.** Row `某公司 ¦ 32.0万 ¦ 惠普 ¦ 未中标`.
**Exclusions.** Text outside tables.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "1"

_LOST: Final = regex(
    r"未(?:能)?(?:中标|成交|中选|入围|通过)|落标|落选|第[二三四五]名|第[二三四五][^¦]{0,4}候选|无效(?:投标|响应)?|被否决|不合格"
)


def decide(view: MentionView) -> Outcome:
    """Look at the other cells of the row."""
    if not view.in_row:
        return NotApplicable("not in a table")
    line = view.layout.lines[view.line_index]
    low, high = view.bounds
    if (found := _LOST.search(view.text, high, line.end) or _LOST.search(view.text, line.start, low)) is not None:
        return Match(MentionRole.CANDIDATE, min(view.start, found.start()), max(view.end, found.end()))
    return NO_MATCH
