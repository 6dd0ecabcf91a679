"""# Taken out of the documents

**Definition.** The words that name the brand are struck: 删除“…”, 取消…的要求, “…”删除, 撤销…配置.
**Role.** `negated`.
**Example.** `删除评分项“提供思科CCIE证书得2分”`: nobody is asked for it any more.
**Exclusions.** What replaces the struck words (改为…), a winner struck from the list (取消中标资格), files deleted from a device.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "1"

_LEFT: Final = regex(
    r"(?:删除|删去|取消|撤销|剔除|核减|去掉|去除)(?:了)?(?:原)?(?:招标文件|采购文件|采购需求|采购清单|评分项|评分标准|评分办法|技术参数|参数|清单)?[^，。；“”\"]{0,12}[：:“\"]?[^，。；“”\"]{0,10}$"
)
_RIGHT: Final = regex(
    r"^[^。；“”\"]{0,24}[”\"]?(?:的)?(?:内容|要求|字样|条款|一项|品牌要求|参数)?(?:予以?)?(?:删除|删去|取消采购|撤销采购|取消|不再采购|不再作为|不再要求)(?![^，。；]{0,4}(?:恢复|资格|的?(?:文件|数据|视频|照片|记录)))"
)
_OTHER: Final = regex(
    r"信创|国产|国外|境外|替代|替换|终端|恢复|取证|提取|数据|视频文件|中标资格|成交资格|合同|改为|更正为|变更为|调整为|替换为"
)


def decide(view: MentionView) -> Outcome:
    """Look left in the clause, then right in the sentence."""
    left = _LEFT.search(view.left)
    right = _RIGHT.match(view.sentence_right)
    if left is None and right is None:
        return NotApplicable("nothing is struck beside the mention")
    if _OTHER.search(view.text, *view.sentence):
        return NO_MATCH
    return Match(MentionRole.NEGATED, view.clause[0] + left.start() if left is not None else view.start, view.end)
