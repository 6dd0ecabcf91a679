"""# Several brands in one cell

**Definition.** The brand cell of an awarded or contracted line names two or more brands for goods stated once: nobody can say which was delivered.
**Role.** `alternative`; the quantity of the line moves the upper bound only.
**Example.** Row `监控级硬盘 ¦ 希捷或西部数据 ¦ 24块` under 主要标的信息.
**Exclusions.** Lines that list as many names, models or quantities as brands: those are several goods in one row.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "1"

_BRAND_COLUMN: Final = regex(r"品牌|厂牌")
_NOT_BRAND_COLUMN: Final = regex(r"型号|规格|参考|推荐|名称")
_PARTS: Final = regex(r"[、；;/／]|或者?|\s和\s")


def decide(view: MentionView) -> Outcome:
    """Count the brands of the cell, then look for a cell that lists as many things."""
    if not view.in_row or not _BRAND_COLUMN.search(view.header) or _NOT_BRAND_COLUMN.search(view.header):
        return NotApplicable("not in a brand cell")
    if view.group.size < 2:
        return NotApplicable("one brand in the cell")
    start, end = view.bounds
    if view.group.start < start or view.group.end > end:
        return NO_MATCH
    line = view.layout.lines[view.line_index]
    for low, high in view.layout.cells(line):
        if (low, high) != (start, end) and len(_PARTS.split(view.text[low:high])) == view.group.size:
            return NO_MATCH
    return Match(MentionRole.ALTERNATIVE, start, end)
