"""# Said not to be there

**Definition.** The clause denies the brand: 非, 不含, 不包括, 未指定, 未采购, 并非.
**Role.** `negated`.
**Example.** `本次中标产品非思科品牌`.
A question about the brand that is answered with no counts too.
**Exclusions.** 非思科品牌不予接受 asks for the brand.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "2"

_LEFT: Final = regex(
    r"(?<![除无])(?:(?:本|此)(?:次|项目|包|期|批|标段|采购)(?:均)?不(?:再)?(?:采购|购买)|(?<!并)非|并非|不是|不含|不包括|不包含|并?未(?:曾)?(?:指定|限定|采购|购买|使用|配置|提供|安装|发现|要求|选用|采用|涉及|投报|供应|列入|装)|不(?:指定|限定|限于|带|属于|涉及|配|提供)|从未[^，。；]{0,4}|没有(?:指定|采购|使用|购买|要求|提供)?)"
    r"(?:使用|采购|任何|过|指定|的|品牌|为|“|必须|采用|提供|购买|投标|包括|包含)*\s*$"
)
_ANSWER: Final = regex(r"[^。；\n]{0,24}[？?]\s*答(?:复|疑)?[：:]?\s*(?:否|不|没有|无|未)")
_ANSWER_REACH: Final = 40
_ASKED: Final = regex(r"^[^。；]{0,16}(?:不予接受|不接受|无效|拒绝|不得|以外|之外|除外)")


def decide(view: MentionView) -> Outcome:
    """Look directly left of the list."""
    answer = _ANSWER.match(view.text[view.end : view.end + _ANSWER_REACH])
    if answer is not None:
        return Match(MentionRole.NEGATED, view.start, view.end + answer.end())
    found = _LEFT.search(view.left)
    if found is None:
        return NotApplicable("no denial before the mention")
    if _ASKED.match(view.sentence_right):
        return NO_MATCH
    return Match(MentionRole.NEGATED, view.clause[0] + found.start(), view.end)
