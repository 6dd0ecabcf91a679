"""# Not accepted

**Definition.** The clause refuses the brand: 不接受, 不得选用, 禁止使用, 排除 before it, or 作无效投标处理, 不予接受 after it.
**Role.** `excluded`.
**Example.** `不接受大疆以外的无人机` is not one; `不接受Parrot、Skydio等国外无人机` is.
**Exclusions.** 不接受非思科品牌 and 不接受思科以外的品牌 ask for the brand; 不得低于 is a reference.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "2"

_LEFT: Final = regex(
    r"(?:不(?:接受|采购|选用|考虑)|不(?:得|允许|能|可|再|予|应|可以|准)(?:接受|采用|选用|使用|采购|选择|考虑|购买|含有|投标)|禁止(?:使用|采购|投标|选用|采用)?|严禁(?:使用|采购|选用)?|拒绝(?:接受)?|谢绝|排除|杜绝|停止(?:使用|采购)|禁用|不欢迎)"
    r"(?P<gap>[^，。；]{0,14})$"
)
_RIGHT: Final = regex(
    r"^(?P<gap>[^，。；（(]{0,14}?)(?:不予接受|不得(?:投标|参与|参加|选用|使用|入围)|作?为?无效(?:投标|响应)|[按作]无效|作?废标处理|不被接受|禁止使用|禁止投标|予以排除|恕不接受|一律(?:不|拒)|不接受|不在(?:接受|采购)范围)"
    r"|^(?P<foreign>[、，A-Za-z一-龥]{0,10}?等?(?:进口|国外|境外|外国|外资)(?:品牌|产品|设备|厂商)?(?:的)?(?:投标|响应)?(?:均|一律|将)?(?:视为|按|作为?)?(?:无效|不予|不得|禁止|一律|恕不))"
    r"|^(?P<far>[^。；（(]{0,20}?[，])(?:均|一律|将|须|视为){0,2}(?:不予接受|不得(?:投标|参与|参加|入围)|作无效|按无效|作?为?无效(?:投标|响应)|作?废标处理|恕不接受|一律(?:不|拒)|予以排除|不予通过)"
)
_ASKED: Final = regex(r"非|除|以外|之外|低于|劣于|不同|其他|其它|没有|未|授权|证明")
_BESIDE: Final = regex(r"^[^，。；]{0,10}?(?:之外|以外|外)[^。；]{0,10}(?:其他|其它|均|都)")
_THIS_TIME: Final = regex(
    r"(?:本|此)(?:次|项目|包|期|批|标段|清单|采购)[^，。；]{0,4}不(?:采购|含|包括|购买)[^，。；]{0,4}$"
)
"""本次不采购X: it is not part of this purchase; nobody refuses it."""
_NEAR: Final = 8
_ONE_OFFER: Final = regex(
    r"(?:该|此|其|某|[甲乙丙丁]|[一-龥]{2,})(?:公司|单位|供应商|投标人)[^，。；]{0,8}?(?:投标文件|所投|投报|提供)|未(?:提供|通过|实质)"
)
_GENERAL: Final = regex(r"[如若凡]|投标人(?:拟|所)|供应商(?:拟|所)|均|一律")
"""The refusal of one offer that was made (作无效投标处理) says who offered what."""


def decide(view: MentionView) -> Outcome:
    """Look left in the clause, then right in the sentence."""
    left = _LEFT.search(view.left)
    right = _RIGHT.match(view.sentence_right[:40])
    if view.left.endswith("除") and (beside := _BESIDE.match(view.sentence_right)) is not None:
        return Match(MentionRole.EXCLUDED, view.start, max(view.group.end, view.end) + beside.end())
    if left is None and right is None:
        return NotApplicable("no refusal beside the mention")
    if _ASKED.search(view.sentence_right[:_NEAR]):
        return NO_MATCH
    if left is not None and _THIS_TIME.search(view.left):
        return NO_MATCH
    if left is not None:
        if _ASKED.search(left["gap"]):
            return NO_MATCH
        return Match(MentionRole.EXCLUDED, view.clause[0] + left.start(), view.end)
    if _ONE_OFFER.search(view.sentence_left) and not _GENERAL.search(view.sentence_left):
        return NO_MATCH
    if (
        right is None
        or _ASKED.search(right["gap"] or right["far"] or right["foreign"] or "")
        or _ASKED.search(view.left[-_NEAR:])
    ):
        return NO_MATCH
    return Match(MentionRole.EXCLUDED, view.start, max(view.group.end, view.end) + right.end())
