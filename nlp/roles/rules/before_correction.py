"""# Value before a correction

**Definition.** The brand stands in the part of a correction that no longer holds: a column, label or clause for the value before (更正前, 变更前, 原为 … 更正为).
**Role.** `negated`.
**Example.** `更正前：惠普打印机；更正后：佳能打印机`: HP is negated, Canon is not touched by this rule.
**Exclusions.** The sentence corrects a number of the same product (思科交换机数量由2台更正为3台).
**Assumptions.** The value before stands before the word that introduces the value after.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "1"

_BEFORE: Final = regex(
    r"(?:更正|变更|修改|澄清|调整|更改)(?:之)?前|原(?:内容|文|公告内容|文件内容|招标文件|采购文件|条款|表述|参数|品牌)|误写"
)
_AFTER: Final = regex(r"(?:更正|变更|修改|澄清|调整|更改)(?:之)?后")
_CHANGED: Final = regex(r"(?:更正|变更|修改|调整|更改|更换|改)(?:[为成]|后[：:])|现为|应(?:为|更正)")
_NUMBER: Final = regex(r"数量|金额|价格?|预算|时间|日期|由|单价|参数")
_OLD: Final = regex(r"原|由|将|把|误")


def decide(view: MentionView) -> Outcome:
    """Look at the column, the label, then the words after the mention."""
    header, label = view.header, view.label
    if header and _BEFORE.search(header):
        return Match(MentionRole.NEGATED, view.start, view.end)
    if label and _BEFORE.search(label):
        return Match(MentionRole.NEGATED, view.sentence[0], view.end)
    if view.in_row and _BEFORE.match(view.row):
        return Match(MentionRole.NEGATED, view.start, view.end)
    right = view.sentence_right
    changed = _CHANGED.search(right[:48])
    if changed is None:
        if header and _AFTER.search(header):
            return NO_MATCH
        return NotApplicable("no correction beside the mention")
    left = view.sentence_left
    if _CHANGED.search(left) or not _OLD.search(left[-24:]) or _NUMBER.search(right[: changed.start()]):
        return NO_MATCH
    end = max(view.group.end, view.end) + changed.end()
    return Match(MentionRole.NEGATED, view.start, end)
