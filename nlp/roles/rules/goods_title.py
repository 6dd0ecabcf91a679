"""# Goods in a title

**Definition.** A title names the brand as the goods of the procurement, and says what kind of notice it is.
**Role.** `awarded` for an award, `contracted` for a contract, order or acceptance, `required` for a tender, an intention, a single source or a procurement that failed.
**Example.** `明川市公安局购置赛默飞遗传分析仪项目成交公告`.
**Exclusions.** Services (维保, 维修), substitution, fit, consumables, authorisation, company names.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.layout import title_type
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.rules.words import ROAD, SERVICE
from nlp.roles.view import MentionView
from nlp.types import MentionRole, NoticeType

VERSION: Final = "2"

_GOODS: Final = regex(r"^[^，。；：:\n]{0,40}?(?:采购|购置|购买|项目|公告|公示|合同|订单|设备|系统)")
_OTHER: Final = regex(
    rf"维保|维修|延保|保修|续保|运维|维护|校准|巡检|检定|保养|检修|{SERVICE}|授权|适用|替代|替换|兼容|改造|信创|硒鼓|墨盒|试剂|耗材|色带|碳粉|配件|专用|配套|国产化|技术支持|公司|集团|投诉|质疑|取证|研究|讲座|测评|现有|原有|更换|灯泡|清洗|保障|标定|大修|翻新|加装|升级|搬迁|迁移|租赁|租用|托管|开发|培训|认证|备件|更正|变更|候选|入围|验证|迁移|大厦|{ROAD}"
)
_END: Final = regex(r"(?:公告|公示|合同|结果|通知书?|项目|采购|订单)(?:[（(][^（）()]*[)）])?\s*$")
_ROLE: Final = {
    NoticeType.AWARD: MentionRole.AWARDED,
    NoticeType.CONTRACT: MentionRole.CONTRACTED,
    NoticeType.ACCEPTANCE: MentionRole.CONTRACTED,
    NoticeType.EMALL_ORDER: MentionRole.CONTRACTED,
    NoticeType.TENDER: MentionRole.REQUIRED,
    NoticeType.INTENTION: MentionRole.REQUIRED,
    NoticeType.SINGLE_SOURCE: MentionRole.REQUIRED,
    NoticeType.FAILED: MentionRole.REQUIRED,
}


def decide(view: MentionView) -> Outcome:
    """Only in a title that ends like one."""
    if not view.in_title:
        return NotApplicable("not in a title")
    title = view.title
    kind = title_type(title) or (view.layout.context.notice_type if view.layout.context.title_span else None)
    if kind is None or not _END.search(title):
        return NotApplicable("the title does not say what it announces")
    role = _ROLE.get(kind)
    if role is None or _OTHER.search(title) or not _GOODS.match(view.text[view.end : view.sentence[1]]):
        return NO_MATCH
    return Match(role, view.start, view.end)
