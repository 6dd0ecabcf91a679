"""A list in an attachment becomes rows like one in the page: import, read, ask. Bureaus, suppliers and files are constructed."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path
from types import ModuleType

import docx
import psycopg
import pytest

from jobs.office_converter import find_converter

SAMPLES = Path(__file__).parents[1] / "fixtures" / "attachments"
BASE = "http://www.ccgp.gov.cn"
URL = f"{BASE}/cggg/dfgg/zbgg/202201/t20220111_90000777.htm"


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make = load(Path(__file__).parents[1] / "nlp" / "attachments" / "make_files.py")
ODD = load(Path(__file__).parents[1] / "nlp" / "attachments" / "test_odd_files.py")


def page(names: list[str]) -> str:
    links = "".join(
        f'<p><a class="bizDownload" href="/files/{n}.bin?name={name}">{name}</a></p>' for n, name in enumerate(names)
    )
    return f"""<html><head><meta charset="utf-8"><title>清河区公安局设备采购项目中标公告</title></head><body><div class="vF_detail_header"><h2 class="tc">清河区公安局设备采购项目中标公告</h2>
<p class="tc"><span id="pubTime">2022年01月11日 10:00</span></p></div><div class="vF_detail_content">
<p>一、项目编号：YLMC2022-XJ-777（构造）</p><p>二、项目名称：清河区公安局设备采购项目</p>
<p>三、中标信息</p><p>供应商名称：明川恒信科技有限公司</p><p>供应商地址：明川市清河区1号</p><p>中标金额：86200元</p>
<p>四、主要标的信息：详见附件</p><p>采购人信息 名称：清河区公安局</p>{links}</div></body></html>"""  # fmt: skip


def run_import(caigou, folder: Path, files: dict[str, bytes]) -> list[dict]:
    folder.mkdir()
    (folder / "notice.html").write_text(page(list(files)), encoding="utf-8")
    lines = ["file,url,portal,captured_at", f"notice.html,{URL},ccgp,2022-01-12T08:00:00+08:00"]
    for n, (name, body) in enumerate(files.items()):
        saved = f"{n}{Path(name).suffix}"
        (folder / saved).write_bytes(body)
        lines.append(f"{saved},{BASE}/files/{n}.bin?name={name},ccgp,2022-01-12T08:01:00+08:00")
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    answer = caigou("import", folder, "--manifest", folder / "manifest.csv", "--json")
    assert answer.code == 0, answer.err
    assert answer.json["refused"] == []
    assert answer.json["recorded"] == {"page": 1, "attachment": len(files)}
    answer = caigou("read", "--json")
    assert (answer.code, answer.json["failed"]) == (0, []), answer.err
    shown = caigou("show", "ccgp/90000777", "--json")
    assert shown.code == 0, shown.err
    return [shown.json["reading"], *caigou("bought", "--buyer", "清河区公安局", "--json").lines]


def by_system() -> bytes:
    document = docx.Document()
    document.add_paragraph("分项报价明细（构造）")
    for heading, lot, rows in (
        ("一、视频监控系统", "1", [("监控级硬盘", "希捷", "ST8000VX004", "28", "块", "1650")]),
        ("二、厅机关局域网", "2", [("交换机", "思科", "C9200L-24T", "2", "台", "20000")]),
    ):
        document.add_paragraph(heading)
        table = document.add_table(rows=1, cols=7)
        for cell, text in zip(
            table.rows[0].cells, ("包号", "货物名称", "品牌", "规格型号", "数量", "单位", "单价（元）"), strict=True
        ):
            cell.text = text
        for row in rows:
            for cell, text in zip(table.add_row().cells, (lot, *row), strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


EXPECTED = {("Seagate", "ST8000VX004", "28"), ("Cisco", "C9200L-24T", "2")}


def test_brand_model_quantity_price_lot_and_system_come_from_the_file(caigou, tmp_path: Path) -> None:
    shown, *rows = run_import(caigou, tmp_path / "saved", {"分项报价明细.docx": by_system()})
    assert {(r["brand"], r["model"], r["quantity"], r["lot"], r["role"]) for r in rows} == {
        ("Seagate", "ST8000VX004", "28", "1", "awarded"),
        ("Cisco", "C9200L-24T", "2", "2", "awarded"),
    }
    assert {r["supplier"] for r in rows} == {"明川恒信科技有限公司"}
    assert all(r["evidence"]["quote"] for r in rows)
    items = {i["brand"]: i for i in shown["items"]}
    assert (items["Seagate"]["unit_price_cny"], items["Seagate"]["unit"]) == ("1650", "块")
    assert {i["brand"]: i["system"] for i in shown["items"]} == {"Seagate": "视频监控系统", "Cisco": "厅机关局域网"}
    assert {i["source"] for i in shown["items"]} == {"attachment:分项报价明细.docx"}


def test_one_bad_file_of_many_costs_one_issue_and_nothing_else(caigou, tmp_path: Path) -> None:
    """Two good files of one list each, and every kind of bad one between them."""
    workbook = make.workbook([list(make.HEADER), ["监控级硬盘", "希捷", "ST8000VX004", 28, 1650]])
    page_as_workbook = ODD.html_table("gb2312").replace("希捷".encode("gb2312"), "西部数据".encode("gb2312"))
    files = {
        "报价明细一.xlsx": workbook,
        "锁.doc": ODD.locked_doc(),
        "坏.pdf": b"%PDF-1.4\nnothing",
        "扫描件.jpg": b"\xff\xd8\xff\xe0" + b"\0" * 40,
        "锁.zip": make.locked_zip("a.txt", b"x" * 50),
        "报价明细二.xls": page_as_workbook,
    }
    shown, *rows = run_import(caigou, tmp_path / "saved", files)
    assert {r["brand"] for r in rows} == {"Seagate", "Western Digital", "Cisco"}
    said = {
        (issue["code"], issue["where"].partition(":")[0])
        for issue in shown["issues"]
        if issue["code"].startswith("attachment")
    }
    assert {
        ("attachment_encrypted", "锁.doc"),
        ("attachment_damaged", "坏.pdf"),
        ("attachment_encrypted", "锁.zip"),
        ("attachment_wrong_extension", "报价明细二.xls"),
    } <= said
    assert {where for _, where in said} == {"锁.doc", "坏.pdf", "扫描件.jpg", "锁.zip", "报价明细二.xls"}
    assert "清河区公安局" in {party["name"] for party in shown["parties"]}


@pytest.mark.skipif(find_converter() is None, reason="LibreOffice is not installed")
def test_a_legacy_document_is_bought_from_like_any_other(caigou, tmp_path: Path) -> None:
    _, *rows = run_import(caigou, tmp_path / "saved", {"报价明细.doc": (SAMPLES / "quote.doc").read_bytes()})
    assert {(r["brand"], r["model"], r["quantity"]) for r in rows} == EXPECTED


def test_linked_again_the_desk_is_as_it_was(caigou, database_url: str, tmp_path: Path) -> None:
    *_, row = run_import(caigou, tmp_path / "in", {"中标明细.docx": by_system()})
    with psycopg.connect(database_url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        connection.execute("DELETE FROM fact_line")
    assert caigou("read").code == 0
    assert caigou("bought", "--buyer", "清河区公安局", "--json").lines == []
    assert caigou("read", "--relink").code == 0
    *_, again = caigou("bought", "--buyer", "清河区公安局", "--json").lines
    assert again == row
