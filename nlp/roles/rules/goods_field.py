"""# Field of a line of goods

**Definition.** The brand is the value of a field of goods (品牌：, 规格型号：, 货物名称：), and the nearest word of stage before it is one of award or contract.
**Role.** `awarded` or `contracted`.
**Example.** `合同主要信息：主要标的名称：台式计算机；规格型号：戴尔 OptiPlex；数量：25台`.
**Exclusions.** Notices before an award, candidates, services; sentences with words of reference, choice, fit or denial.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.rules.words import FORMER, NON, NOT_YET
from nlp.roles.view import MentionView
from nlp.types import MentionRole, NoticeType

VERSION: Final = "2"

_FIELD: Final = regex(r"品牌|型号|规格|货物|商品|产品|标的|设备名称|制造商|品名|机型")
_NOT_FIELD: Final = regex(rf"参考|推荐|建议|适用|更正|{FORMER}|要求|投标|所投|报价|候选|供应商|人$|兼容|现有")
_OTHER: Final = regex(
    rf"维保|维修|延保|保修|续保|运维|校准|检定|任选|选一|参考|推荐|相当于|不低于|适用|兼容|支持|替代|不含|{NON}|{NOT_YET}|候选|落标|所投|现有|在用|授权|更正|须|不接受|或"
)
_AFTER: Final = regex(r"候选|未中标|未成交|废标|流标|更正|参考|推荐")
_WINNER: Final = regex(r"(?:中标|成交|中选)(?:人|供应商|单位|方|商)")
_ROLE: Final = {
    "award": MentionRole.AWARDED,
    "winner": MentionRole.AWARDED,
    "contract": MentionRole.CONTRACTED,
    "acceptance": MentionRole.CONTRACTED,
}
_CONTRACTS: Final = frozenset({NoticeType.CONTRACT, NoticeType.ACCEPTANCE, NoticeType.EMALL_ORDER})
_BEFORE_AWARD: Final = frozenset(
    {
        NoticeType.TENDER,
        NoticeType.INTENTION,
        NoticeType.CANDIDATE,
        NoticeType.CORRECTION,
        NoticeType.IMPORT_REVIEW,
        NoticeType.SINGLE_SOURCE,
    }
)


def decide(view: MentionView) -> Outcome:
    """Read the label, then the stage."""
    if view.in_row or not view.label:
        return NotApplicable("not the value of a field")
    if not _FIELD.search(view.label) or _NOT_FIELD.search(view.label):
        return NO_MATCH
    role = _ROLE.get(view.stage)
    if role is None or view.notice_type in _BEFORE_AWARD:
        return NO_MATCH
    start, end = view.sentence
    if _OTHER.search(view.text, start, end) or _AFTER.search(view.title) or _AFTER.search(view.heading):
        return NO_MATCH
    if view.notice_type in _CONTRACTS or "合同" in view.heading or "合同" in view.title:
        role = MentionRole.CONTRACTED
    elif _WINNER.search(view.sentence_left):
        role = MentionRole.AWARDED
    return Match(role, start, view.end)
