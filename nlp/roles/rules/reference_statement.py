"""# Named as a reference

**Definition.** The brand only shows the class of goods wanted: 参考品牌, 推荐品牌, 不低于, 相当于, 或同档次.
**Role.** `reference`.
**Example.** `参考品牌：戴尔、惠普或同等档次`.
**Exclusions.** 推荐中标人, 推荐成交; lines of goods already awarded.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "2"

_LABEL: Final = regex(r"参考|推荐(?!中标|成交|候选|第|为|单位)|参照|建议(?:品牌|型号|选用)|品牌档次|对标")
_LEFT: Final = regex(
    r"(?:参照|参考|推荐(?!中标|成交|候选|第)|不低于|不劣于|不亚于|不逊于|相当于|等同于?|建议(?:选用|采用|使用)?|类似于?|对标)(?:[或、](?:相当于?|不低于|优于|等同于?|同等于?))?(?:品牌|型号|产品|以下|下列|使用|采用|选用|：|:|为|如|档次|及|或|、|的|[\s“\"（(])*$"
)
_RIGHT: Final = regex(
    r"^[^。；¦\n]{0,34}?(?:或(?:其他|其它)?(?:相当于?|同等|同档次|等同|更优|优于|以上档|同级|类似|不低于|性能(?:相当|不低于|优于))|(?:等|及|或|，|、)?同等(?:档次|品质|性能|级别|水平|质量)|同档次|同级别|(?:品牌|产品)?档次|及以上(?:档次|品牌)|性能相当|品质相当|(?:仅|只)?供参考|[^，。；]{0,6}(?:仅|只)(?:作|为|是|用于?)?(?:参考|说明|表示|示意|代表)|(?:等)?(?:一线|知名|主流|国际)(?:品牌|厂家|厂商)(?:得|加)\d)"
)
_ROW: Final = regex(r"¦[^¦]{0,10}(?:同档次|相当于|同等档次|或同等|或优于|性能相当|仅供参考)")
_DONE: Final = regex(r"中标|成交|合同|验收|订单")
_COMPARE: Final = regex(r"相比|对比|论证|测评|测试|专家|国产设备|横向|选型|性价比|浏览|登录|访问|投标客户端")


def decide(view: MentionView) -> Outcome:
    """Look at label and column, then left of the list, then right."""
    if view.label and _LABEL.search(view.label):
        return Match(MentionRole.REFERENCE, view.sentence[0], view.end)
    if view.header and _LABEL.search(view.header):
        return Match(MentionRole.REFERENCE, view.start, view.end)
    if view.in_row and _ROW.search(view.row) and not _DONE.search(view.row + view.heading + view.title):
        return Match(MentionRole.REFERENCE, view.start, view.end)
    sentence = view.text[view.sentence[0] : view.sentence[1]]
    left = _LEFT.search(view.left)
    right = _RIGHT.match(view.sentence_right)
    if left is None and right is None:
        return NotApplicable("no word of reference beside the mention")
    if _COMPARE.search(sentence):
        return NO_MATCH
    if left is not None:
        return Match(MentionRole.REFERENCE, view.clause[0] + left.start(), view.end)
    assert right is not None
    return Match(MentionRole.REFERENCE, view.start, max(view.group.end, view.end) + right.end())
