"""# Maintenance in a title

**Definition.** A title asks for maintenance, repair, extension of warranty or calibration of the brand’s equipment.
**Role.** `maintained`, also after the award: what was bought is the service.
**Example.** `明川市公安局IBM小型机维保服务采购项目成交公告`.
**Exclusions.** Text below the title; tools and parts bought for repair (维修工具).
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "2"

_RIGHT: Final = regex(
    r"^[^，。；\n]{0,40}?(?:维保|维修|延保|(?<!继)续保|保修服务|校准|巡检|检定|运维|维护(?:保养|服务|项目|采购)|保养|原厂服务|整机保|技保|订阅续|大修|检修)(?!工具|包|用|备件|配件|手册|站|中心|网点|资格|资质)"
)
_OTHER: Final = regex(r"^[路街巷桥村镇]|授权|特约|认证|承诺|证明|许可|资质|资格|道路|街道")


def decide(view: MentionView) -> Outcome:
    """Only in the title: look right of the mention up to the next comma."""
    if not view.in_title:
        return NotApplicable("not in a title")
    tail = view.text[view.end : view.sentence[1]]
    found = _RIGHT.match(tail)
    if found is None or _OTHER.search(tail[: found.end()]):
        return NO_MATCH
    return Match(MentionRole.MAINTAINED, view.start, view.end + found.end())
