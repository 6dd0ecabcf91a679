"""# Further goods of one list

**Definition.** One line introduces goods of an award or contract (成交货物：, 合同标的：, 验收结果：) and lists several, divided by semicolons; nothing but goods stands between the introduction and the brand.
**Role.** `awarded` or `contracted`.
**Example.** `中标产品：交换机（思科）2台；服务器（戴尔）4台`: Dell too.
**Exclusions.** Any word of another role between, or in the mention’s own part.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.rules.words import FORMER, NON, NOT, NOT_YET, SERVICE, SHOULD
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "2"

_INTRODUCTION: Final = regex(
    r"(?P<stage>中标|成交|中选|合同|订单|验收)(?:（成交）)?(?:主要)?(?:的)?(?:产品|货物|标的|内容|设备|商品|清单|明细|结果|品牌|采购)(?:名称|公告|公示|如下|明细|内容)?[：:为](?P<list>[^\n]*)$"
)
_AWARD: Final = frozenset({"中标", "成交", "中选"})
_OTHER: Final = regex(
    rf"候选|推荐|参考|{NOT_YET}|废标|流标|落标|维保|维修|延保|续保|保修|运维|更换|检修|校准|检定|适用|兼容|支持|授权|替代|替换|{NOT}|{NON}|{FORMER}|更正|变更|现有|在用|利旧|{SERVICE}|任选|或|相当|所投|须|{SHOULD}|要求|供应商|公司|得分|。"
)
_REACH: Final = 240


def decide(view: MentionView) -> Outcome:
    """Find the introduction in the line, then look at what stands between."""
    if view.in_row:
        return NotApplicable("in a table")
    line = view.layout.lines[view.line_index]
    before = view.text[max(line.start, view.start - _REACH) : view.start]
    found = _INTRODUCTION.search(before)
    if found is None:
        return NotApplicable("no introduction of goods in the line")
    own = view.text[view.start : view.sentence[1]]
    if (
        before[: found.start()].endswith(("拟", "预"))
        or _OTHER.search(found["list"])
        or _OTHER.search(own)
        or _OTHER.search(before[max(0, found.start() - 4) : found.start()])
    ):
        return NO_MATCH
    role = MentionRole.AWARDED if found["stage"] in _AWARD else MentionRole.CONTRACTED
    return Match(role, view.start - len(before) + found.start(), view.end)
