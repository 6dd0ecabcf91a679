"""# Stated as contracted

**Definition.** The sentence says what a contract, order or acceptance is about: 合同标的：…, 向乙方采购…, 乙方供应…, 订单商品：….
**Role.** `contracted`.
**Example.** `甲方向乙方采购戴尔工作站3台，合同总价9万元`.
**Exclusions.** Maintenance services, refusals, authorisations, fit and compatibility; a tender that only announces a contract to come.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.rules.words import INTEND, NON, NOT_YET, SERVICE
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "2"

_LEFT: Final = regex(
    r"(?:合同|订单|采购订单|验收|订购|网超|网上超市|电子卖场|商城)(?:主要)?(?:的)?(?:标的|货物|内容|产品|商品|设备|清单|明细|结果|公告|公示|订单|合同|附件|成交|直购|采购|信息)*(?:名称|内容|为|：|:|是|如下|\s)+[^，。；：:]{0,14}$"
    r"|向(?:乙方|供方|[^，。；]{2,20}公司)(?:采购|购买|订购)[^，。；：:]{0,12}$"
    r"|(?:乙方|供方)(?:向甲方|为甲方)?(?:提供|供应|交付|供货|销售)(?:的)?[^，。；：:]{0,12}$"
    r"|(?:甲方|需方)(?:采购|购买|订购|租用)[^，。；：:]{0,12}$"
    r"|(?:签订|签署|签约)[^。；]{0,24}(?:采购|购买|标的为|引进|供应|供货)[^，。；：:]{0,12}$"
    r"|(?:合同约定|约定由乙方|到货|收货|送货)[^，。；：:]{0,12}$"
)
_RIGHT: Final = regex(
    r"^[^。；\n]{0,40}?(?:，|,|）|\))(?:已)?(?:合同(?:总价|价|金额|总金额|单价|期)|到货验收|验收合格|验收通过|已到货|同意验收|交货(?:期|时间|地点)|质保期自验收)"
)
_OTHER: Final = regex(
    rf"维保|维修|延保|保修|续保|运维|校准|巡检|检定|授权|适用|替代|替换|不含|不包括|{NON}|不是|兼容|支持|对接|接入|不接受|不得|参考|相当于|候选|所投|更正|变更|任选|选一|{SERVICE}|技术保|全保|维护|须|应当|原有|现有|{NOT_YET}|预算|所需|需求|询价|请购|申购|待购|{INTEND}"
)


def decide(view: MentionView) -> Outcome:
    """Look left in the sentence, then right."""
    if view.in_row:
        return NotApplicable("in a table: see contract_line")
    left = _LEFT.search(view.sentence_left)
    right = _RIGHT.match(view.sentence_right)
    if left is None and right is None:
        return NotApplicable("no words of a contract beside the mention")
    start, end = view.sentence
    if _OTHER.search(view.text, start, end) or (view.in_title and _OTHER.search(view.title)):
        return NO_MATCH
    return Match(MentionRole.CONTRACTED, start, end)
