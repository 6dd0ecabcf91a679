"""# Column of a comparison

**Definition.** The table compares products (技术比较表, 性能对比), and the brand stands in it.
**Role.** `compared`.
**Example.** Header row `指标 ¦ 国产设备 ¦ FLIR设备` under 技术对比表.
**Exclusions.** Deviation tables of a bid (技术偏离表).
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "1"

_CAPTION: Final = regex(r"(?:对比|比较)(?:分析)?(?:表|一览|情况|如下|结果)|(?:技术|性能|指标|参数|产品)(?:对比|比较)")
_HEAD: Final = regex(r"(?:指标|参数|对比项|比较项|性能|项目)[^\n]*国产(?:设备|产品|同类|品牌|仪器)?")
_OTHER: Final = regex(r"偏离|响应|投标")


def decide(view: MentionView) -> Outcome:
    """Look at the caption and the first row."""
    if not view.in_row:
        return NotApplicable("not in a table")
    first = view.layout.lines[view.layout.lines[view.line_index].table]
    head = view.header_row or view.text[first.start : first.end]
    caption = view.heading
    if _OTHER.search(caption) or _OTHER.search(head):
        return NO_MATCH
    if _CAPTION.search(caption) or _HEAD.search(head):
        return Match(MentionRole.COMPARED, view.start, view.end)
    return NO_MATCH
