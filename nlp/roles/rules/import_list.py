"""# Goods of an import review

**Definition.** A review of imported goods (进口产品论证, 采购进口产品公示) lists the goods it asks leave to buy, with quantities, prices or a column 是否进口, and the brand stands in the brand column.
**Role.** `required`: wanted, and bought by nobody yet.
**Example.** `货物名称 ¦ 品牌 ¦ 数量 ¦ 是否进口产品` above a row `夜视仪 ¦ L3Harris ¦ 2台 ¦ 是`.
**Exclusions.** Columns and rows that compare (国产, 同类, 对比, 优于, 参数), what is in use, and what is only an example.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole, NoticeType

VERSION: Final = "1"

_BRAND: Final = regex(r"品牌|厂[家商牌]|制造商|生产商|型号|规格")
_GOODS: Final = regex(r"数量|单价|金额|预算|总价|台套|是否进口|进口产品")
_OTHER: Final = regex(
    r"国产|同类|对比|比较|优[于势点]|劣|性能|参数|指标|现有|在用|原有|利旧|参考|推荐|例如|相当|[或、/]|供应商|专家"
)


def decide(view: MentionView) -> Outcome:
    """Look at the kind of notice, the titles of the columns, then the row for words of another role."""
    if view.notice_type is not NoticeType.IMPORT_REVIEW or not view.in_row:
        return NotApplicable("no list of an import review")
    if not _BRAND.search(view.header) or not _GOODS.search(view.header_row):
        return NO_MATCH
    if _OTHER.search(view.header) or _OTHER.search(view.header_row.replace("规格参数", "")) or _OTHER.search(view.row):
        return NO_MATCH
    return Match(MentionRole.REQUIRED, view.start, view.end)
