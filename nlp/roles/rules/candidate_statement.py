"""# What a bidder offers

**Definition.** The words before the brand say that a bidder offers it: 所投产品为, 投标品牌：, 拟投; or the column is 所投品牌, 投标产品.
**Role.** `candidate`.
**Example.** `乙公司所投产品为岛津GCMS，得分78`.
**Exclusions.** The offer of the winner; requirements on the goods offered (所投产品须为…).
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.rules.words import NON, SHOULD
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "4"

_LEFT: Final = regex(
    r"(?:所投|投标|投报|拟投|响应|所报|报价|竞标)(?:的)?(?:产品|品牌|设备|货物|型号|机型|产品品牌)?(?:品牌|型号|名称)*(?:为|是|系|：|:|分别为|有|，)*[^，。；：:]{0,8}$"
)
_OFFERED: Final = regex(r"(?:^|[，；、（(：:\s家均仅只])投(?:报)?(?:的是|的|了)?$")
_ANNOUNCED: Final = regex(
    r"(?:拟定?|预)(?:中标|成交|中选)(?:结果|产品|品牌|货物|内容|标的)?(?:公示|公告|名称)?\s*(?:为|是|[:：])?[^，。；：:]{0,10}$"
)
"""Announced before the award (拟中标产品：): still a candidate."""
_COLUMN: Final = regex(r"(?:所投|投标|投报|响应|拟投|入围|候选|竞标|报价)(?:产品|品牌|设备|货物|型号|的)")
_WON: Final = regex(r"中标|成交|中选|合同|验收|订单")
_WINS: Final = regex(r"(?:中标|成交|中选)(?!结果|公告|公示|通知)|合同|验收")
_LOST: Final = regex(r"未(?:能)?(?:中标|成交|中选)|中标候选|成交候选")
_ASKED: Final = regex(
    rf"未投|未提供|须|{SHOULD}|不得|要求|如|若|{NON}|不含|参考|推荐|相当|兼容|支持|授权|证明|一律|无效|处理|必须|任选|维保|适用|替代|得\d|加\d|分值|请[就对按报为]|[下以]列货物|以下(?:货物|物品|设备)|一线|知名|评分|登录|客户端|系统|认证|获|使用"
)


def decide(view: MentionView) -> Outcome:
    """Look at the column, then left in the clause."""
    title = _LOST.sub("", view.title + view.heading)
    if view.in_row and view.header:
        if not _COLUMN.search(view.header):
            return NO_MATCH
        if _WON.search(_LOST.sub("", view.row + view.header_row)) or (_WON.search(title)):
            return NO_MATCH
        return Match(MentionRole.CANDIDATE, view.start, view.end)
    if (announced := _ANNOUNCED.search(view.sentence_left)) is not None and not _ASKED.search(view.sentence_right):
        return Match(MentionRole.CANDIDATE, view.sentence[0] + announced.start(), view.end)
    found = _LEFT.search(view.left) or _OFFERED.search(view.left)
    if found is None:
        return NotApplicable("no words of an offer before the mention")
    left, right = _LOST.sub("", view.sentence_left), _LOST.sub("", view.sentence_right)
    if _ASKED.search(left) or _ASKED.search(right) or _WON.search(left) or _WINS.search(right):
        return NO_MATCH
    return Match(MentionRole.CANDIDATE, view.clause[0] + found.start(), view.end)
