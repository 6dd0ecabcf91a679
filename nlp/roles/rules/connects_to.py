"""# To be connected with

**Definition.** The goods wanted must work together with the brand's: 对接, 纳管, 级联, 接驳, 堆叠 right before the list, or 与…对接, 与…互通 around it.
**Role.** `compatible_with`.
**Example.** `存储软件支持纳管EMC、HDS阵列`; `与海康平台级联`.
**Exclusions.** What is connected already (已接入), objects of forensics, operating systems and browsers, services, authorisation, substitution, awards.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "1"

_LEFT: Final = regex(
    r"(?:对接|纳管|级联|互联|互通|挂接|接驳|挂载|堆叠|联动|接入|兼容并接入|统一管理)(?:到|于|入|至|现有|已有|既有|原有|市局|省厅|第三方|主流|多个?|各|厂家|厂商|品牌|的|：|等|（)*[^，。；：:]{0,6}$"
)
_WITH: Final = regex(
    r"(?:与|和|同|跟)(?:现有|既有|原有|已有|在用|已建|市局|省厅|本局|我局|现网|的|各|主流)*[^，。；：:与和同跟]{0,6}$"
)
_RIGHT: Final = regex(
    r"^[^，。；\n]{0,24}?(?:无缝|进行|实现|正常|双向|平滑)*(?:对接|互通|互联|级联|联动|堆叠|组网|互操作|双活|集成|互相呼叫)(?!服务|费)"
)
_TITLE: Final = regex(r"公告|公示|采购|合同|通知")
_OTHER: Final = regex(
    r"已(?!有|建)|共接入|目前|现状|取证|提取|破解|解锁|恢复|操作系统|浏览器|维保|维修|延保|运维服务|巡检|授权书|授权函|证书|认证工程师|替代|替换|国产化|不接受|不得|禁止|中标|成交|合同|订单|验收|相比|优于|参考|相当于|任选|不含|更正|删除"
)


def decide(view: MentionView) -> Outcome:
    """Look for the word of connection before the list, or around it."""
    left = _LEFT.search(view.left)
    around = None if left is not None or _WITH.search(view.left) is None else _RIGHT.match(view.right)
    if left is None and around is None:
        return NotApplicable("no word of connection beside the mention")
    if (view.in_title and _TITLE.search(view.title)) or _OTHER.search(view.text, *view.sentence):
        return NO_MATCH
    start = view.clause[0] + left.start() if left is not None else view.start
    return Match(MentionRole.COMPATIBLE_WITH, start, view.end)
