"""# Line of an award

**Definition.** The notice is an award, or the heading of the table says so (主要中标标的), and the brand stands as brand, model or name of a line of goods.
**Role.** `awarded`.
**Example.** Row `企业级硬盘 ¦ 希捷 ¦ 24 ¦ 1980.00` under 主要中标标的信息.
**Exclusions.** Columns for parameters, remarks and suppliers; lots that failed; candidates; cells with words of fit, maintenance or reference.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import LotStatus, MentionRole, NoticeType

VERSION: Final = "1"

_GOODS: Final = regex(r"品牌|厂牌|制造商|厂家|厂商|型号|规格|名称|货物|产品|商品|标的|设备|品名|内容")
_OTHER: Final = regex(
    r"参数|要求|备注|说明|指标|供应商|投标人|中标人|成交人|单位|候选|得分|参考|推荐|更正|原|服务内容|描述|适用|出具|颁发|证书|文件|机型|资质|授权"
)
_NOT_GOODS: Final = regex(
    r"适用|兼容|支持|维保|维修|延保|替代|替换|不接受|不含|参考|推荐|授权|候选|未中标|相当于|现有|在用|巡检|校准|检定|计量|保修|运维|维护|检修"
)
_FIRM: Final = regex(r"公司|集团|株式会社")
_AWARD: Final = regex(r"中标|成交|中选|定标")
_PRICE: Final = regex(r"(?:中标|成交)[（(]?(?:单价|价|金额|总价)")
_NOT_AWARD: Final = regex(r"候选|未中标|未成交|废标|流标|合同|订单|商城|超市|卖场|直购|投标报价|评审|评标|得分")


def decide(view: MentionView) -> Outcome:
    """Ask for an award by type or heading, then for a line of goods."""
    heading = view.heading or view.title
    award = view.notice_type is NoticeType.AWARD or bool(_AWARD.search(heading) and not _NOT_AWARD.search(heading))
    award = award or bool(_PRICE.search(view.row) or _PRICE.search(view.header_row))
    if not award:
        return NotApplicable("neither an award notice nor an award heading")
    if not view.in_row and view.item is None:
        return NotApplicable("not in a line of goods")
    cell = view.text[view.bounds[0] : view.bounds[1]]
    if (
        _FIRM.search(cell)
        or _NOT_GOODS.search(view.heading)
        or _NOT_GOODS.search(cell)
        or _NOT_GOODS.search(view.title)
        or _NOT_AWARD.search(heading)
        or _NOT_AWARD.search(view.header_row)
    ):
        return NO_MATCH
    if _OTHER.search(view.header) or (view.lot_status is not None and view.lot_status is not LotStatus.AWARDED):
        return NO_MATCH
    if view.item is not None:
        return Match(MentionRole.AWARDED, view.item.start, view.item.end)
    if not view.header_row and _PRICE.search(view.row):
        return Match(MentionRole.AWARDED, view.start, view.end)
    if view.header and _GOODS.search(view.header):
        return Match(MentionRole.AWARDED, view.start, view.end)
    return NO_MATCH
