"""Attached files are read as what they are."""

import pytest

from nlp.attachments import read_attachment
from nlp.notice.attached import attached_type
from nlp.read import read
from nlp.types import MentionRole, NoticeType, PageInput
from seeds import load_knowledge
from seeds.demo.ccgp import detail_page
from seeds.demo.files import docx
from seeds.demo.load import load_demo_notices


@pytest.mark.parametrize(
    ("name", "notice", "kind", "differs"),
    [
        ("采购文件.pdf", NoticeType.AWARD, NoticeType.TENDER, True),
        ("明川市公安局招标文件（定稿）.docx", NoticeType.AWARD, NoticeType.TENDER, True),
        ("技术参数要求.xlsx", NoticeType.CONTRACT, NoticeType.TENDER, True),
        ("采购合同.pdf", NoticeType.AWARD, NoticeType.CONTRACT, True),
        ("采购合同.pdf", NoticeType.CONTRACT, NoticeType.CONTRACT, False),
        ("主要标的明细.docx", NoticeType.AWARD, NoticeType.AWARD, False),
        ("分项报价表及采购文件.zip", NoticeType.AWARD, NoticeType.AWARD, False),
        ("附件1.pdf", NoticeType.AWARD, NoticeType.AWARD, False),
        ("招标文件.pdf", NoticeType.TENDER, NoticeType.TENDER, False),
        ("招标文件.pdf", None, None, False),
    ],
)
def test_type_by_name(name, notice, kind, differs) -> None:
    assert attached_type(name, notice) == (kind, differs)


WANTED = ["采购需求（构造）", "参考品牌：西部数据"]


def _with(name, lines):
    notice = next(n for n in load_demo_notices() if n.source_id == 90000951)
    rows = [("名称", "品牌", "规格型号", "数量"), ("监控级硬盘（构造）", "希捷", "ST8000VX004", "60块")]
    attached = read_attachment(name, docx(lines, rows))
    return read(PageInput(detail_page(notice).encode(), portal="demo", attachments=(attached,)), load_knowledge())


def test_a_tender_document_under_an_award_buys_nothing() -> None:
    reading = _with("采购文件.docx", WANTED)
    assert {m.brand for m in reading.mentions} >= {"Seagate", "Western Digital"}
    assert not any(m.role in {MentionRole.AWARDED, MentionRole.CONTRACTED} for m in reading.mentions)


def test_the_list_of_what_was_bought_does() -> None:
    reading = _with("主要标的明细.docx", ["主要标的明细（构造）"])
    assert {m.brand: m.role for m in reading.mentions}["Seagate"] is MentionRole.AWARDED
