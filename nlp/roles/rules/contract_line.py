"""# Line of a contract or order

**Definition.** The notice is a contract, an order or an acceptance, and the brand stands as brand, model or name of a line of goods, or in the title of an order.
**Role.** `contracted`.
**Example.** Row `交换机 ¦ 思科 ¦ C9300 ¦ 2台` under 合同货物清单.
**Exclusions.** Columns for parameters, remarks and suppliers; cells with words of fit, maintenance or reference.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole, NoticeType

VERSION: Final = "1"

_GOODS: Final = regex(r"品牌|厂牌|制造商|厂家|厂商|型号|规格|名称|货物|产品|商品|标的|设备|品名|内容")
_OTHER: Final = regex(
    r"参数|要求|备注|说明|指标|供应商|投标人|中标人|成交人|单位|候选|得分|参考|推荐|更正|原|服务内容|描述|适用|出具|颁发|证书|文件|机型|资质|授权"
)
_NOT_GOODS: Final = regex(
    r"适用|用于|兼容|支持|维保|维修|延保|替代|替换|不接受|不含|参考|推荐|授权|候选|未中标|相当于|现有|在用|巡检|校准|检定|保修|运维|维护|检修"
)
_PRICE: Final = regex(r"合同(?:单价|价|金额|总价)")
_KINDS: Final = frozenset({NoticeType.CONTRACT, NoticeType.ACCEPTANCE, NoticeType.EMALL_ORDER})


def decide(view: MentionView) -> Outcome:
    """Ask for the notice type, then for a line of goods."""
    priced = view.in_row and bool(_PRICE.search(view.row) or _PRICE.search(view.header_row))
    if priced and not view.header_row and not _NOT_GOODS.search(view.row):
        return Match(MentionRole.CONTRACTED, view.start, view.end)
    if view.notice_type not in _KINDS and not priced:
        return NotApplicable("not a contract, order or acceptance")
    cell = view.text[view.bounds[0] : view.bounds[1]] if view.in_row else view.text[view.sentence[0] : view.sentence[1]]
    if _NOT_GOODS.search(cell) or _NOT_GOODS.search(view.title) or _NOT_GOODS.search(view.heading):
        return NO_MATCH
    if view.in_row and view.header and _GOODS.search(view.header) and not _OTHER.search(view.header):
        return Match(MentionRole.CONTRACTED, view.start, view.end)
    if view.item is not None and not _OTHER.search(view.header):
        return Match(MentionRole.CONTRACTED, view.item.start, view.item.end)
    if view.in_title and view.notice_type is NoticeType.EMALL_ORDER:
        return Match(MentionRole.CONTRACTED, view.start, view.end)
    return NO_MATCH
