"""Items in running text: label records (货物名称：…；品牌：…；数量：…) and plain lines (希捷 ST8000VX004 硬盘 28块，单价1650元)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.items.columns import column_of
from nlp.items.model import Column, Grid, Section
from nlp.items.outline import Outline
from nlp.items.rawitem import RawItem, blank
from nlp.items.sheets import Pair, Row, Sheet
from nlp.items.tables import sheet_items
from nlp.patterns import regex
from nlp.types import CELL_BORDER, BlockKind, Cell, Document, Issue, NoticeType

_THING = r"(?:主要|采购|中标|成交|供货|合同)?(?:货物|产品|商品|设备|物资|标的物?|服务|货品|仪器|标项|分包)?(?:\s?的)?"
_ITEM_LABEL = regex(
    rf"(?<![\u4e00-\u9fff])(?P<label>{_THING}(?:名\s?称|标的)|{_THING}品\s?牌(?:[/、及和]?(?:规格)?型\s?号)?|{_THING}(?:规格)?型\s?号(?:规格|或服务要求|或.{{1,8}})?|{_THING}规\s?格(?:[/、及和]?型号)?(?:或服务要求)?"
    rf"|{_THING}数\s?量|{_THING}单\s?价|{_THING}总\s?价|单\s?位|产\s?地|生产厂家|是否进口)(?:\s?[（(][^（）()：:\n]{{1,12}}[)）])?\s?[:：]"
)
_GOODS_WORD = regex(r"(?:数\s?量|型\s?号|品\s?牌|规\s?格|单\s?价)[^:：\n]{0,16}[:：]")
_LINE_HINT = regex(r"名\s?称|标的|品\s?牌|型\s?号|规\s?格|数\s?量|单\s?价|总\s?价|单\s?位|产\s?地|生产厂家|是否进口")
_GOODS = {Column.BRAND, Column.MODEL, Column.BRAND_MODEL, Column.QUANTITY, Column.UNIT_PRICE}
_LABEL_SECTIONS_OUT = frozenset(
    {Section.EXPERTS, Section.CONTACT, Section.FEE, Section.TENDER, Section.CANDIDATES, Section.BIDDERS}
)
_UNITS = "台|套|个|块|只|件|张|把|辆|支|盒|箱|包|批|项|条|根|片|部|架|颗|瓶|组|本|卷|副|双|枚|艘|桶|袋|人份|米|节|份|座"
_LINE = regex(
    rf"(?:[（(]?\d{{1,3}}\s?[）).、．]\s?)?(?P<name>[^\n。；;]{{2,80}}?)(?:[\s,，:：×*]|(?<=[\s\u4e00-\u9fff）)])[xX])*(?:共|数量\s?[:：]?)?\s?(?P<quantity>\d{{1,7}}(?:\.\d+)?\s?[（(]?(?:{_UNITS})[）)]?)(?!\s?[/])(?=$|[\s,，;；。、（(）)]|单|每|共|总|合计|小计|金额)"
    rf"(?:[\s,，;；、(（]*(?:每[\u4e00-\u9fff]|单\s?价)\s?(?:为)?\s?[:：]?\s?(?P<price>(?:人民币|[¥￥])?\s?[\d,，.]+\s?(?:万?元)?))?(?:\s?[/／][\u4e00-\u9fff])?"
    rf"(?:[\s,，;；、]*(?:总\s?价|合\s?计|金\s?额|小\s?计|共)\s?(?:为)?\s?[:：]?\s?(?P<total>(?:人民币|[¥￥])?\s?[\d,，.]+\s?(?:万?元)?))?[\s。；;，,）)]*"
)
_NOT_GOODS = regex(
    r"公司|供应商|投标|工作日|日内|响应|专家|评审|包含|资格|家$|得分|中标|成交|采购人|合同|服务期|工期|期限|地址|电话|编号|预算|金额|规定"
)
_MAX_RECORD_GAP = 400
_PACKED_LABELS = 3
"""So many labels in one cell are a record, not a form's field."""


def label_items(document: Document, plan: Outline, default_lot: str | None, issues: list[Issue]) -> list[RawItem]:
    """Records made of labels. A record begins with the label that began the first one and needs two facts of goods."""
    text = document.text
    if _GOODS_WORD.search(text) is None:
        return []
    found: list[tuple[Column, str, Cell]] = []
    for block in document.blocks:
        if text.find("：", block.start, block.end) < 0 and text.find(":", block.start, block.end) < 0:
            continue
        if _LINE_HINT.search(text, block.start, block.end) is None:
            continue
        if block.kind is BlockKind.ROW:
            places = _packed_cells(text, block.start, block.end)
        else:
            places = [(block.start, block.end)]
        labelled = [(match, end) for start, end in places for match in _labels(text, start, end)]
        for number, (match, end) in enumerate(labelled):
            column = column_of(match["label"])
            if column is None or plan.section(match.start()) in _LABEL_SECTIONS_OUT:
                continue
            following = labelled[number + 1] if number + 1 < len(labelled) else None
            stop = following[0].start() if following is not None and following[1] == end else end
            value = text[match.end() : stop]
            cut = re.search(r"。|\s(?=[^\s:：]{2,8}[:：])", value)
            value = (value[: cut.start()] if cut else value).rstrip(" ,，;；、(（")
            lead = len(value) - len(value.lstrip())
            label = text[match.start() : match.end()].rstrip("：: ")
            found.append((column, label, Cell(value.strip(), match.end() + lead, match.end() + len(value))))
    items = _records(found, plan, default_lot, issues)
    for item in items:
        item.source = "text"
    return items


def _labels(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """A label ends with its colon: behind the last one there is none."""
    last = max(text.rfind("：", start, end), text.rfind(":", start, end)) + 1
    return _ITEM_LABEL.finditer(text, start, last)


def _packed_cells(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cells of a row that hold a whole record: 名称：交换机 品牌：H3C 型号：S7506X 数量：4台."""
    found: list[tuple[int, int]] = []
    while start < end:
        border = text.find(CELL_BORDER, start, end)
        stop = end if border < 0 else border
        if len(_ITEM_LABEL.findall(text, start, stop)) >= _PACKED_LABELS:
            found.append((start, stop))
        start = stop + len(CELL_BORDER)
    return found


def _records(
    found: list[tuple[Column, str, Cell]], plan: Outline, default_lot: str | None, issues: list[Issue]
) -> list[RawItem]:
    out: list[RawItem] = []
    record: list[tuple[Column, str, Cell]] = []
    for entry in found:
        column, _, cell = entry
        if record and (column in {c for c, _, _ in record} or cell.start - record[-1][2].end > _MAX_RECORD_GAP):
            out.extend(_finish(record, plan, default_lot, issues))
            record = []
        record.append(entry)
    if record:
        out.extend(_finish(record, plan, default_lot, issues))
    return out


def _finish(
    record: list[tuple[Column, str, Cell]], plan: Outline, default_lot: str | None, issues: list[Issue]
) -> list[RawItem]:
    columns = tuple(column for column, _, _ in record)
    goods = sum(column in _GOODS for column in columns)
    named = Column.NAME in columns or Column.LOT_NAME in columns
    if goods < (1 if named else 2) or not any(column in _GOODS and not blank(cell.text) for column, _, cell in record):
        return []
    if not named and not any(c in columns for c in (Column.BRAND, Column.MODEL, Column.BRAND_MODEL)):
        return []
    start, end = record[0][2].start, record[-1][2].end
    cells = tuple(cell for _, _, cell in record)
    grid = Grid((cells,), start, end)
    sheet = Sheet(columns, tuple(label for _, label, _ in record), [Row(cells)], grid)
    return sheet_items(sheet, grid, plan, default_lot, issues)


def form_items(pairs: list[list[Pair]], plan: Outline, default_lot: str | None, issues: list[Issue]) -> list[RawItem]:
    """Records in the label and value cells of a form."""
    found = [(column, label, cell) for row in pairs for label, column, cell in row]
    if not any(column in _GOODS for column, _, _ in found):
        return []
    return _records(found, plan, default_lot, issues)


def line_items(document: Document, plan: Outline, default_lot: str | None, kind: NoticeType | None) -> list[RawItem]:
    """Plain lines of goods inside the section of goods of an award or contract."""
    if kind not in {
        NoticeType.AWARD,
        NoticeType.CONTRACT,
        NoticeType.EMALL_ORDER,
        NoticeType.ACCEPTANCE,
        NoticeType.FRAMEWORK,
    }:
        return []
    text = document.text
    out: list[RawItem] = []
    for block in document.blocks:
        if block.kind is BlockKind.ROW or block.end - block.start > 400:
            continue
        line = text[block.start : block.end]
        if plan.section(block.start) is not Section.ITEMS or not any(char.isdigit() for char in line):
            continue
        at = 0
        head = re.match(r"(?:[一二三四五六七八九十]{1,3}、)?[^:：\d]{2,40}[:：]\s?", line)
        if head is not None and column_of(head[0]) is None and re.search(r"名称|标的|型号", head[0]):
            at = head.end()
        while at < len(line):
            match = _LINE.match(line, at)
            if match is None:
                following = re.compile(r"[；;。]").search(line, at)
                if following is None:
                    break
                at = following.end()
                continue
            at = max(match.end(), at + 1)
            name = match["name"].strip(" ，,:：、-")
            lead = max(name.rfind("："), name.rfind(":")) + 1
            if lead and len(name) - lead >= 2:
                name = name[lead:].strip()
            if len(name) < 2 or _NOT_GOODS.search(name) or re.fullmatch(r"[\d.\s]+", name):
                continue
            mark = plan.lot(block.start)
            out.append(
                RawItem(
                    block.start + match.start("name"),
                    block.start + match.end(),
                    name,
                    quantity=match["quantity"],
                    unit_price=match["price"],
                    total=match["total"],
                    lot=mark.lot if mark is not None else default_lot,
                    source="text",
                )
            )
    return out
