"""How fast lots and items are read: ``python -m benchmarks.items``.

Constructed notices of the common shapes: an award with tables, a flattened record, a tender. The budget is 0.4 ms for a typical notice.
Processor time, the best of several rounds, so that a busy machine does not change the figure much.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from nlp.document import html_document, text_document
from nlp.items import read_items
from nlp.types import Document, Notice, NoticeType

_FIRM = "云岭恒川科技有限公司"
_PROSE = [
    "供应商应当在规定时间内提交响应文件，逾期送达的不予受理。",
    "本公告期限为一个工作日，各有关当事人对结果有异议的，可以书面形式提出质疑。",
    "采购人信息：名称：明川市公安局 地址：明川市清河区人民路1号 联系方式：0000-1234567",
]


def _table(rows: list[str]) -> str:
    return (
        "<table border=1>"
        + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row.split("|")) + "</tr>" for row in rows)
        + "</table>"
    )


def award(number: int) -> tuple[Document, Notice]:
    """A result by the national template: three goods, experts, fee, contacts."""
    goods = ["品目号|采购标的|品牌|规格型号|数量（单位）|单价(元)|总价(元)"]
    goods += [
        f"1-{n}|监控级硬盘|希捷|ST{n}000VX004|{number % 50 + n}.00(块)|1,650.00|{(number % 50 + n) * 1650}.00"
        for n in range(1, 4)
    ]
    total = sum((number % 50 + n) * 1650 for n in range(1, 4))
    parts = [
        "<p>一、项目编号：YL-2024-001</p><p>二、项目名称：存储设备采购</p><p>三、采购结果</p><p>合同包1(存储设备):</p>",
        _table(["供应商名称|供应商地址|中标（成交）金额", f"{_FIRM}|明川市人民路1号|{total:,}.00元"]),
        "<p>四、主要标的信息</p>",
        _table(goods),
        "<p>五、评审专家名单：甲某、乙某、丙某</p><p>六、代理服务收费标准及金额：12,000元</p><p>七、公告期限</p>",
        *(f"<p>{line}</p>" for line in _PROSE * 3),
    ]
    return html_document("".join(parts)), Notice(type=NoticeType.AWARD, title="明川市公安局存储设备采购项目中标公告")


def flattened(number: int) -> tuple[Document, Notice]:
    """The same kind of result as a record of plain text, one cell a line."""
    lines = [
        "三、采购结果",
        "采购包1:",
        "供应商名称",
        "供应商地址",
        "中标（成交）金额",
        "评审总得分",
        _FIRM,
        "明川市人民路1号",
        f"{number + 1000},000.00元",
        "91.40",
    ]
    lines += ["四、主要标的信息", "货物名称", "品牌", "规格型号", "数量", "单价（元）"]
    for n in range(3):
        lines += ["硬盘", "希捷", f"ST{n}000VX004", str(number % 9 + 1), "1650"]
    lines += ["五、评审专家名单", "甲某", *_PROSE * 2]
    return text_document("\n".join(lines)), Notice(type=NoticeType.AWARD, title="明川市公安局硬盘采购结果公告")


def tender(number: int) -> tuple[Document, Notice]:
    """A tender of about 4,000 characters with a table of lots."""
    rows = [
        "标项|标项名称|数量|单位|预算金额(元)|简要规格描述",
        *(f"{n}|设备{n}|{number % 7 + n}|台|{n}00000|详见采购文件" for n in range(1, 5)),
    ]
    body = "".join(f"<p>{n}.{line}</p>" for n, line in enumerate(_PROSE * 20, 1))
    return html_document(
        f"<p>一、项目基本情况</p><p>采购需求：</p>{_table(rows)}<p>二、申请人的资格要求</p>{body}"
    ), Notice(type=NoticeType.TENDER, title="公开招标公告")


def measure(documents: int, rounds: int) -> dict[str, float]:
    """Milliseconds a notice for each shape, and lines read."""
    out: dict[str, float] = {}
    for name, make in (("award", award), ("flattened", flattened), ("tender", tender)):
        made = [make(number) for number in range(documents)]
        items = 0
        best = []
        for _ in range(rounds):
            start = time.process_time()
            items = sum(len(read_items(document, notice, None, None).items) for document, notice in made)
            best.append((time.process_time() - start) * 1000 / documents)
        out[f"{name}_ms"] = round(min(best), 3)
        out[f"{name}_lines"] = items / documents
    out["mean_ms"] = round(statistics.mean(out[f"{name}_ms"] for name in ("award", "flattened", "tender")), 3)
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    print(json.dumps(measure(options.documents, options.rounds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
