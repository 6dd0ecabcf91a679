"""# Line of a service

**Definition.** The brand stands in a row whose name of goods is a service for equipment: 遗传分析仪维保服务, 服务器维修, 设备延保.
**Role.** `maintained`, also in an award or contract: what was bought is the service, not the equipment.
**Example.** Row `遗传分析仪维保服务 ¦ ABI ¦ 3500xL ¦ 1项` under 主要中标标的信息.
**Exclusions.** Goods sold with a service (服务器及三年维保, 含维保); service words in columns of parameters, requirements and remarks.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "1"

_NAMED: Final = regex(r"名称|标的|内容|项目|品目|货物|产品|设备")
_NOT_NAMED: Final = regex(r"参数|要求|范围|期限?$|时间|备注|说明|品牌|型号|规格|编号|供应商|单位|金额|价|配置")
_SERVICE: Final = regex(
    r"^[^¦，。；]{0,40}?(?:维保|维修|延保|(?<!继)续保|保养|维护|检修|大修|校准|检定|运维|保修|巡检)(?:服务|项目|采购|费用?|合同|年度)*(?:\s?[（(][^（）()]{0,16}[)）])?\s*$"
)
_WITH_GOODS: Final = regex(r"[含及和与、，,+＋带送配]|附|工具|用品|配件|备件|资质")


def decide(view: MentionView) -> Outcome:
    """Read the cells of the row that name what is bought; the mention's own cell is another rule's."""
    if not view.in_row:
        return NotApplicable("not in a row")
    layout = view.layout
    line = layout.lines[view.line_index]
    cells = layout.cells(line)
    titles = (
        [view.text[start:end] for start, end in layout.cells(layout.lines[line.header])] if line.header >= 0 else []
    )
    found = None
    for column, (start, end) in enumerate(cells):
        if start <= view.start < end:
            if not titles:
                break  # without titles what is bought is named left of its brand
            continue
        title = titles[column] if column < len(titles) else ""
        if titles and (not _NAMED.search(title) or _NOT_NAMED.search(title)):
            continue
        words = view.text[start:end]
        if _SERVICE.match(words) and not _WITH_GOODS.search(words):
            found = start
            break
    if found is None:
        return NO_MATCH
    return Match(MentionRole.MAINTAINED, min(found, view.start), view.end)
