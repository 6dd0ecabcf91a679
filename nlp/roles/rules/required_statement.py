"""# Stated as wanted

**Definition.** The words directly before the brand ask for it (须采用, 指定, 拟采购, 请购), or the field does (品牌要求：, 采购内容：, 核心产品：).
**Role.** `required`.
**Example.** `核心交换机须采用思科品牌`.
Refusing everything else asks for the brand too (非思科品牌不予接受).
**Exclusions.** Awards and contracts; references, choice, compatibility, authorisation, services, substitution.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.rules.words import NON, NOT_YET, SERVICE
from nlp.roles.view import MentionView
from nlp.types import MentionRole, NoticeType

VERSION: Final = "3"

_LEFT: Final = regex(
    r"(?:须|必须|应当?|需|一律|统一|只能|指定|限定|只)(?:为|是|采购|购置|购买|选用|采用|使用|配置|配备|接受)(?:原装|进口|正版|品牌|的|：|为)*[^，。；：:]{0,4}$"
    r"|(?:拟|计划|申请|申购|请购|需|新购|重新|拟以单一来源方式|本次|拟向[^，。；]{2,16}?)(?:采购|购置|购买|增配|新增|招标|选用|引进|进口)(?:的)?(?:进口|原装|内容|货物|标的|为|：|:|一批|品牌)*[^，。；：:]{0,12}$|(?:指定|限定)(?:品牌|型号|产品)?(?:为|：|:)?[^，。；：:]{0,4}$"
)
_LABEL: Final = regex(r"指定品牌|品牌要求|采购需求|采购内容|采购标的|招标内容|核心产品|拟采购|采购货物")
_OTHER: Final = regex(
    rf"中标|成交|合同|验收|订单|兼容|对接|接入|支持|授权|参考|推荐|任选|选一|择一|不低于|相当|同等|同档次|证书|认证|维保|维修|延保|保修|运维|维护|校准|检定|替代|替换|国产化|取证|提取|适用|用于|不接受|禁止|不得(?!更换|变更|替换|低于)|{NOT_YET}|相比|优于|之一|均可|或|/|{SERVICE}|耗材|硒鼓|墨盒|试剂|配套|操作系统|浏览器|环境|候选|所投|{NON}|原采购|满足现有|更正|删除|取消|撤销|核减|剔除|不含|登录|客户端|电子签章|投标系统|品牌中|品牌内|三个|浏览|环境下|运行|公司|不再|证明"
)
_NON: Final = regex(r"(?<![除并是])非$")
_REFUSED: Final = regex(r"(?:品牌|产品|原厂|原装)[^。；]{0,10}?(?:不予|不接受|无效|拒绝|不得|废标)")
_REFUSE: Final = regex(r"(?:不接受|拒绝|不得采用|不允许)$")
_OUTSIDE: Final = regex(r"[^。；]{0,8}?(?:以外|之外)")
_DONE: Final = frozenset(
    {
        NoticeType.AWARD,
        NoticeType.CONTRACT,
        NoticeType.ACCEPTANCE,
        NoticeType.EMALL_ORDER,
        NoticeType.CANDIDATE,
        NoticeType.FRAMEWORK,
        NoticeType.COMPLAINT,
    }
)


def decide(view: MentionView) -> Outcome:
    """Look at the label, then directly left of the list."""
    if (_NON.search(view.left) and _REFUSED.match(view.sentence_right)) or (
        _REFUSE.search(view.left) and _OUTSIDE.match(view.sentence_right)
    ):
        return Match(MentionRole.REQUIRED, view.start - 1, view.end)
    if view.notice_type in _DONE or view.in_row:
        return NotApplicable("after the award, or in a table")
    left = _LEFT.search(view.left)
    by_label = bool(view.label and _LABEL.search(view.label))
    if left is None and not by_label:
        return NotApplicable("no word of demand before the mention")
    if _OTHER.search(view.text, *view.sentence) or view.stage in {"award", "winner", "contract", "reference"}:
        return NO_MATCH
    return Match(MentionRole.REQUIRED, view.clause[0], view.end)
