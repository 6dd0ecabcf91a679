"""# Stated as awarded

**Definition.** The sentence says what won: 中标产品为…, 成交品牌：…, 中标供应商所投产品为…, or the brand 中标 with nothing between.
**Role.** `awarded`.
**Example.** `经评审，某公司成交，成交产品为安捷伦8890`.
**Exclusions.** 候选, 推荐, 未中标, 原中标产品 (corrections), services of maintenance, choice lists.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.rules.words import NON, SERVICE
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "2"

_LEFT: Final = regex(
    r"(?:中标|成交|中选|定标|授标)(?:（成交）)?(?:的)?(?:产品|货物|品牌|设备|标的|内容|商品|型号|机型|结果|明细|产品明细)(?:名称|型号|品牌|、型号|及型号|和型号|如下|信息|公示|品牌型号)*(?:为|：|:|是|系|采用|选用|¦|，品牌|，|\s)*[^，。；：:]{0,16}$"
)
_WON: Final = regex(
    r"(?:实际|最终)?(?:中标|成交|中选|定标)(?:结果|品牌)?(?:的是|为|系|：|:)[^，。；]{0,36}$|(?:中标|成交|中选)(?:人|供应商|单位|方)(?:为|：|:|系)?[^，。；]{2,30}[（(]$"
)
_WINNER: Final = regex(
    r"(?:中标|成交|中选)(?:供应商|人|单位|方)[^。；]{0,40}?(?:所投|投标|提供|供货|响应|所报|所供)(?:的)?(?:产品|品牌|设备|货物)?(?:型号|品牌)*(?:为|：|:|是|系)?[^。；]{0,30}$"
)
_TAKEN: Final = regex(
    r"(?<!未)(?:中标|成交|中选|拿下|中得)[^，。；]{2,44}，(?:[^，。；]{0,6}(?:产品|设备|货物|品牌|主机)|其中[^，。；]{0,8})(?:品牌|均|全部)*(?:采用|选用|为|是|系)[^，。；]{0,6}$"
)
"""A firm wins a project, and the next clause says with what."""
_RIGHT: Final = regex(
    r"^[^，。；¦\n]{0,24}?(?:最终|成功|顺利)?(?:中标|成交|中选)(?!候选|公告|公示|人|供应商|结果|无效|单位|方|产品|通知|资格)"
)
_OTHER: Final = regex(
    rf"候选|预(?:中标|成交)|拟(?:中标|成交)|推荐|未(?:能)?(?:中标|成交|中选)|落标|废标|原(?:中标|成交|公告)|更正|维保|维修|延保|保修|运维|校准|任选|选一|参考|相当于|授权|适用|替代|不含|{NON}|不是|虚假|无关|不成立|兼容|支持|入围|不接受|合同|订单|直购|商城|卖场|网超|更换|{SERVICE}"
)


def decide(view: MentionView) -> Outcome:
    """Look left in the sentence, then right in the clause."""
    if view.in_row:
        return NotApplicable("in a table: see award_line")
    left = (
        _LEFT.search(view.left)
        or _WON.search(view.left)
        or _WINNER.search(view.sentence_left)
        or _TAKEN.search(view.sentence_left)
    )
    right = _RIGHT.match(view.right)
    if left is None and right is None:
        return NotApplicable("no words of an award beside the mention")
    start, end = view.sentence
    if _OTHER.search(view.text, start, end) or (view.in_title and _OTHER.search(view.title)):
        return NO_MATCH
    if left is None and "未" in view.left:
        return NO_MATCH
    return Match(MentionRole.AWARDED, start, end)
