"""What an attached file is, told from its name: a tender document hung onto an award says what was wanted, not what was bought."""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.types import NoticeType, Stage

_TENDER: Final = regex(
    r"(?:招标|采购|磋商|谈判|询价|比选|竞标|竞价|资格预审|遴选|单一来源|征集)[^合结中成]{0,6}文件|标书|(?:采购|招标|用户|项目)需求|技术(?:要求|规范|规格|需求)|需求书|参数要求|采购清单|公开招标"
)
_CONTRACT: Final = regex(r"合同(?!包)|协议书|订单")
_RESULT: Final = regex(r"中标|成交|中选|结果|标的(?:信息|清单|明细)|分项报价|报价(?:明细|一览)|开标一览|投标报价")
_AFTER_TENDER: Final = frozenset(
    {NoticeType.AWARD, NoticeType.CONTRACT, NoticeType.CANDIDATE, NoticeType.FAILED, NoticeType.ACCEPTANCE}
)


def attached_type(name: str, notice_type: NoticeType | None) -> tuple[NoticeType | None, bool]:
    """The type the file's words are to be read as, and whether it differs from the notice's.

    Names of results win over names of tenders (成交结果及采购文件 stays what the notice is); a file whose name says nothing is read as the
    notice is.
    """
    if notice_type not in _AFTER_TENDER or _RESULT.search(name):
        return notice_type, False
    if _TENDER.search(name) and not _CONTRACT.search(name):
        return NoticeType.TENDER, True
    if _CONTRACT.search(name) and notice_type is NoticeType.AWARD:
        return NoticeType.CONTRACT, True
    return notice_type, False


STAGE: Final = {NoticeType.TENDER: Stage.TENDER, NoticeType.CONTRACT: Stage.CONTRACT}
"""Stage that goes with a type given here."""
