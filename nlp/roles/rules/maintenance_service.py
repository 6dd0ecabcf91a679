"""# A service for the brand’s equipment

**Definition.** The mention opens a noun phrase that ends in a maintenance service: 思科交换机延保, 西门子CT整机保修服务.
**Role.** `maintained`, whatever the stage.
**Example.** `合同标的：IBM小型机维保服务`.
**Exclusions.** A verb, or terms of a purchase, between brand and service (戴尔服务器提供三年维保); capability of a supplier (维修资质).
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "1"

_RIGHT: Final = regex(
    r"^(?P<gap>[^，。；：:¦\n]{0,26}?)(?:维保|维修保养|维护保养|延保|(?<!继)续保|保修服务|维修服务|维护服务|运维服务|维保服务|校准服务|检定服务|巡检服务|整机保|全保|技术保|技术支持服务|订阅服务|年度维护|定检)"
)
_VERB: Final = regex(
    r"提供|含|享|期|送|及|并|授权|认证|兼容|支持|可|须|应|[台套个块]|替代|替换|更换为|配套|、|原厂[^维延续保技标质订]"
)
_TERMS: Final = regex(r"^[^，。；]{0,6}(?:期|资质|资格|能力|经验|站|中心|网点|工程师|人员|承诺|年限)")


def decide(view: MentionView) -> Outcome:
    """Look right of the list within the clause."""
    right = view.text[max(view.group.end, view.end) : view.clause[1]]
    found = _RIGHT.match(right)
    if found is None:
        return NotApplicable("no service right of the mention")
    if _VERB.search(found["gap"]) or _TERMS.match(right[found.end() :]):
        return NO_MATCH
    return Match(MentionRole.MAINTAINED, view.start, max(view.group.end, view.end) + found.end())
