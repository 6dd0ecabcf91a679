"""Hebei packs suppliers, goods and files into one text that its script unpacks. Constructed pages."""

import pytest

from nlp.read import read
from nlp.types import PageInput
from seeds import load_knowledge

URL = "http://www.ccgp-hebei.gov.cn/yl/cggg/zhbgg/202605/t20260512_1900001.html"
COLUMNS = "".join(
    f"<th>{name}</th>" for name in ("供应商名称", "货物名称", "货物品牌", "规格型号", "数量", "单价", "中标金额")
)


def packed(kinds: str = "A#_#A", lines: int = 2, fields: int = 25) -> str:
    values = {
        0: kinds,
        2: "91990000000000000X#_#91990000000000000Y",
        3: "云岭甲科技有限公司#_#云岭乙科技有限公司",
        4: "明川市示例路1号#_#明川市示例路2号",
        5: "监控级硬盘#_#移动硬盘",
        15: "希捷#_#西部数据",
        7: "ST8000VX010#_#null",
        8: "12#_#3",
        9: "1500#_#850",
        10: "18000#_#2550",
    }
    return "#_@_@".join(values.get(n, "#_#".join(["null"] * lines)) for n in range(fields))


def page(con: str, version: str = "V2020") -> bytes:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="ArticleTitle" content="【构造】清河区公安局硬盘采购项目中标公告">
<meta name="PubDate" content="2026-05-12"></head><body><!-- constructed -->
<span id="AnncVersion">{version}</span><table id="OLD_VERSION"><tr><td>旧版<span id="con">{con}</span></td></tr></table>
<table id="2020_VERSION"><tr><td><span class="title">一、项目编号：</span><span>YL-2026-001</span><br>
<span class="title">三、中标（成交）信息</span><table id="SupplierInfos"><tr><th>供应商名称</th><th>供应商地址</th><th>供应商组织机构代码</th></tr></table>
<span class="title">四、主要标的信息</span><table id="GoodsSupplierInfo"><tr>{COLUMNS}</tr></table>
<span class="title">九、联系方式</span><div>1.采购人信息</div><div>名称：清河区公安局</div></td></tr></table>
<script>var a = "<a id='files' href='/BidWinAnncFiles/" + file[2] + "." + file[1] + "'>";</script></body></html>""".encode()


@pytest.fixture(scope="module")
def knowledge():
    return load_knowledge()


def reading(body: bytes, knowledge):
    return read(PageInput(body=body, url=URL, portal="ccgp-hebei", content_type="text/html"), knowledge)


def test_the_tables_are_filled_as_the_script_would(knowledge) -> None:
    con = f"公告#detail#{packed()}#filename#采购文件#_#pdf#_#a1@_@undefined#_#undefined#_#undefined"
    found = reading(page(con), knowledge)
    assert [(i.name, i.brand_raw, i.model_raw, str(i.quantity)) for i in found.items] == [
        ("监控级硬盘", "希捷", "ST8000VX010", "12"),
        ("移动硬盘", "西部数据", None, "3"),
    ]
    assert {p.name for p in found.parties if p.role == "supplier"} == {"云岭甲科技有限公司", "云岭乙科技有限公司"}
    assert [(a.name, a.url) for a in found.attachments] == [
        ("采购文件", "http://www.ccgp-hebei.gov.cn/BidWinAnncFiles/a1.pdf")
    ]
    assert "旧版" not in found.text
    assert "#_#" not in found.text
    assert found.notice.source_id == "1900001"


def test_what_is_cut_off_is_named(knowledge) -> None:
    found = reading(page(f"公告#detail#{packed(fields=2)}"), knowledge)
    assert "packed_result_broken" in {issue.code for issue in found.issues}
    assert found.notice.title == "【构造】清河区公安局硬盘采购项目中标公告"


@pytest.mark.parametrize("body", [page("公告"), page(f"公告#detail#{packed()}", version="V2016"), page("")])
def test_other_pages_are_read_as_any_page(body: bytes, knowledge) -> None:
    found = reading(body, knowledge)
    assert found.items == ()
    assert "packed_result_broken" not in {issue.code for issue in found.issues}
    assert found.notice.project_no == "YL-2026-001"
