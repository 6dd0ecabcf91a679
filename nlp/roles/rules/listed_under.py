"""# Listed under a heading that says the role

**Definition.** The brand stands in a table row or a numbered line, and the caption or heading above says what is listed: 中标清单, 合同货物, 利旧设备清单, 维保设备清单, 建议品牌.
**Role.** `awarded`, `contracted`, `installed`, `maintained` or `reference`, as the heading says.
**Example.** `利旧设备清单` above a row `服务器 ¦ IBM ¦ 4`.
**Exclusions.** Rows and columns with words of their own (参考, 未中标, 适用, 支持, 供应商); headings with two such words.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.rules.words import INTEND
from nlp.roles.view import MentionView
from nlp.types import MentionRole, NoticeType

VERSION: Final = "1"

_HEADINGS: Final = (
    (MentionRole.REFERENCE, regex(r"(?:建议|参考|推荐|参照)品牌|品牌(?:推荐|参考|建议)|暂定品牌|推荐表|参考表")),
    (
        MentionRole.MAINTAINED,
        regex(
            r"(?:维保|维护|运维|巡检|校准|检定|维修|保养|计量|延保|续保)[^，。；]{0,8}(?:清单|范围|设备|仪器|内容|列表|一览|明细|对象)"
        ),
    ),
    (
        MentionRole.INSTALLED,
        regex(
            r"(?:现有|利旧|在用|原有|已建|现状|已有|存量)[^，。；]{0,8}(?:设备|清单|资源|系统|情况|环境|仪器|列表|一览|台账|明细)?|(?:固定资产|设备|资产)(?:台账|现状)"
        ),
    ),
    (
        MentionRole.CONTRACTED,
        regex(
            r"合同[^，。；]{0,6}(?:标的|货物|清单|明细|附件|产品|设备|内容|配置)|(?:供货|送货|到货|验收|订单|商品)(?:清单|明细|单|一览表|信息|记录)|采购订单|订单详情|验收结果"
        ),
    ),
    (
        MentionRole.AWARDED,
        regex(r"(?:中标|成交|中选)[^，。；]{0,8}(?:清单|标的|产品|货物|明细|一览|结果|设备|信息|情况|内容|列表)"),
    ),
)
_PURCHASES: Final = frozenset({MentionRole.AWARDED, MentionRole.CONTRACTED})
_BEFORE_AWARD: Final = frozenset(
    {NoticeType.TENDER, NoticeType.INTENTION, NoticeType.CANDIDATE, NoticeType.CORRECTION, NoticeType.IMPORT_REVIEW}
)
_SERVICE: Final = regex(r"维保|维修|延保|保修|维护|运维|校准|检定|巡检")
_MIXED: Final = regex(
    rf"候选|未中标|未成交|废标|流标|评审|评标|投标|报价|需求|要求|更正|变更|替代|替换|淘汰|新增|授权|兼容|参数|公司|{INTEND}|供应商"
)
_CELL: Final = regex(
    r"适用|用于|兼容|支持|替代|替换|不接受|不含|授权|候选|未中标|未成交|落标|现有|在用|利旧|不低于|任选|公司|任意"
)
_SOFT: Final = regex(r"参考|推荐|相当于|或同")
_COLUMN: Final = regex(
    r"参数|要求|备注|说明|指标|供应商|投标人|中标人|成交人|单位|得分|更正|原|适用|出具|颁发|证书|机型|资质|授权|参考|推荐"
)
_NUMBERED: Final = regex(r"\s*(?:[（(]?\d{1,3}[)）、.．]|[-•·*])\s*")


def decide(view: MentionView) -> Outcome:
    """Ask for a row or a numbered line, then read the heading."""
    line = view.layout.lines[view.line_index]
    if not view.in_row and not _NUMBERED.match(view.text, line.start, line.end):
        return NotApplicable("neither a row nor a numbered line")
    heading = view.heading
    if not heading:
        return NotApplicable("no heading above")
    roles = [role for role, pattern in _HEADINGS if pattern.search(heading)]
    if not roles or _MIXED.search(heading):
        return NO_MATCH
    role = roles[0]
    whole = view.text[line.start : line.end]
    if _CELL.search(whole) or _COLUMN.search(view.header):
        return NO_MATCH
    if role is not MentionRole.REFERENCE and (_SOFT.search(whole) or "或" in view.group.joiners):
        return NO_MATCH
    if role in _PURCHASES and (view.notice_type in _BEFORE_AWARD or _SERVICE.search(whole + view.title)):
        return NO_MATCH
    return Match(role, view.start, view.end)
