"""The shape of a text for role reading: lines, rows, cells, headings, clauses. Built once per text, linear in its length."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from nlp.patterns import regex
from nlp.roles.cues import CueHits, find_cues
from nlp.roles.lazy import lazy
from nlp.roles.types import RoleContext
from nlp.types import CELL_BORDER, NoticeType
from nlp.values import value

_HEADING: Final = regex(
    r"\s*(?:第[一二三四五六七八九十百0-9]+[章节部分条]+|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[、.．](?!\d)|附[件表]?\d*[：:])"
)
_HEADING_MAX: Final = 40
_CAPTION_MAX: Final = 34
_NO_TITLE: Final = regex(r"[。；;：:，,]")
_SENTENCE_END: Final = regex(r"[。！!？?；;\n]")
_CLAUSE_END: Final = regex(r"[，,。！!？?；;\n]")
_TITLE_TYPE: Final = (
    ("correction", regex(r"更正|变更公告|澄清|补遗|答疑")),
    ("candidate", regex(r"候选人公示|候选公示|评标结果公示|入围.{0,6}公示|预中标|候选人|预成交")),
    ("failed", regex(r"废标|流标|终止公告|采购失败|终止采购")),
    ("acceptance", regex(r"验收(?:结果|报告|公告|公示|单)|履约验收")),
    ("contract", regex(r"合同(?:公告|公示)|采购合同|合同货物清单|合同签订|合同履行|合同变更|买卖合同|购销合同")),
    (
        "emall_order",
        regex(
            r"网上超市.{0,12}(?:合同|订单|成交|结果)|电子卖场.{0,12}(?:合同|订单|成交|结果)|直购.{0,8}(?:合同|订单|成交)|商城(?:合同|订单)|订单详情|采购订单"
        ),
    ),
    (
        "award",
        regex(
            r"(?:中标|成交|中选|采购|定标|询价|竞价|招标|磋商|谈判|比选)(?:[（(]成交[)）])?结果|(?:中标|成交|中选)(?:公告|公示|通知)"
        ),
    ),
    ("single_source", regex(r"单一来源")),
    ("import_review", regex(r"进口产品(?:论证|公示|专家)|进口(?:论证|设备论证)|专家论证意见")),
    ("intention", regex(r"采购意向|意向公开")),
    ("complaint", regex(r"投诉处理|处理决定书|投诉")),
    ("framework", regex(r"框架协议")),
    (
        "tender",
        regex(
            r"招标公告|采购公告|磋商公告|谈判公告|询价公告|竞价公告|采购需求|招标文件|采购文件|比选公告|竞争性磋商|竞争性谈判|公开招标"
        ),
    ),
)


@value
class Line:
    """One line of the text; ``heading`` is the index of the heading line above it (or itself), -1 when there is none."""

    start: int
    end: int
    row: bool
    heading: int
    table: int
    """Index of the first line of the table this row belongs to, -1 outside tables."""
    header: int = -1
    """Index of the row with the column titles above this one, -1 when the table shows none."""


def title_type(title: str) -> NoticeType | None:
    """Notice type a title states, null when it states none."""
    for name, pattern in _TITLE_TYPE:
        if pattern.search(title):
            return NoticeType(name)
    return None


class Layout:
    """Lines, cues and title of one text. Not part of any result; discarded after the text is done."""

    def __init__(self, text: str, context: RoleContext) -> None:
        self.text = text
        self.context = context
        self.lines = _lines(text)
        self._starts = [line.start for line in self.lines]
        self._cells: dict[int, tuple[tuple[int, int], ...]] = {}

    @lazy
    def cues(self) -> CueHits:
        return find_cues(self.text)

    @lazy
    def title(self) -> tuple[int, int]:
        """The title's span: as given, else a short first line without punctuation, else empty."""
        if self.context.title_span is not None:
            return self.context.title_span
        first = self.lines[0]
        if not first.row and first.end - first.start <= 80 and not _NO_TITLE.search(self.text, first.start, first.end):
            return first.start, first.end
        return 0, 0

    @lazy
    def notice_type(self) -> NoticeType | None:
        """The type as given, else as the title states it."""
        if self.context.notice_type is not None:
            return self.context.notice_type
        start, end = self.title
        return title_type(self.text[start:end])

    def line_at(self, position: int) -> int:
        return bisect_right(self._starts, position) - 1

    def cells(self, line: Line) -> tuple[tuple[int, int], ...]:
        """Cell spans of a row, borders left out. Found once a row: all its mentions ask for them, and rows can have thousands."""
        known = self._cells.get(line.start)
        if known is None:
            known = self._cells[line.start] = tuple(self._cells_of(line))
        return known

    def _cells_of(self, line: Line) -> Iterator[tuple[int, int]]:
        start = line.start
        while True:
            border = self.text.find(CELL_BORDER, start, line.end)
            if border < 0:
                yield start, line.end
                return
            yield start, border
            start = border + len(CELL_BORDER)

    def heading(self, line: Line) -> str:
        if line.heading < 0:
            return ""
        above = self.lines[line.heading]
        return self.text[above.start : above.end]


_COLUMN: Final = regex(
    r"序号|编号|品目|包号|标项|名称|品名|品牌|型号|规格|数量|单位|单价|金额|总价|合计|小计|产地|制造商|厂家|厂商|生产|备注|参数|要求|供应商|中标人|投标人|候选|货物|产品|商品|设备|标的|报价|得分|排名|内容|说明|部件|年限|日期|时间|位置|地点|使用|结论|更正|变更|机型|质保|交货|服务|指标|结果|状态|价格|配置"
)
_COLUMN_MAX: Final = 16
_LONG_NUMBER: Final = regex(r"\d{3}|[¥￥]|\d\s*[台套个块元只]")


def _is_header(row: str) -> bool:
    """Column titles: at least two short cells with the words of titles, and at least half of all cells."""
    cells = row.split(CELL_BORDER)
    titles = sum(
        len(cell) <= _COLUMN_MAX and _COLUMN.search(cell) is not None and _LONG_NUMBER.search(cell) is None
        for cell in cells
    )
    return titles >= 2 and titles * 2 >= len(cells)


def _lines(text: str) -> list[Line]:
    out: list[Line] = []
    start = 0
    heading = -1
    table = -1
    header = -1
    while True:
        end = text.find("\n", start)
        stop = len(text) if end < 0 else end
        row = text.find(CELL_BORDER, start, stop) >= 0
        index = len(out)
        if row:
            if table < 0:
                table = index
                header = -1
                before = out[-1] if out else None
                if before is not None and 0 < before.end - before.start <= _CAPTION_MAX:
                    heading = index - 1
        else:
            table = -1
            if (_HEADING.match(text, start, stop) and stop - start <= _HEADING_MAX) or (
                1 < stop - start <= _CAPTION_MAX and text[stop - 1] in "：:"
            ):
                heading = index
        out.append(Line(start, stop, row, heading, table, header if row else -1))
        if row and _is_header(text[start:stop]):
            header = index
        if end < 0:
            return out
        start = end + 1


def sentence_around(text: str, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """The sentence inside ``[low, high)`` that holds ``[start, end)``."""
    return _last_end(_SENTENCE_END, text, low, start), _first_end(_SENTENCE_END, text, end, high)


def clause_around(text: str, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """The clause (between commas and sentence marks) inside ``[low, high)`` that holds ``[start, end)``."""
    return _last_end(_CLAUSE_END, text, low, start), _first_end(_CLAUSE_END, text, end, high)


_REACH: Final = 400
"""Sentences longer than this on one side are cut: a page without punctuation must stay cheap."""


def _last_end(pattern: re.Pattern[str], text: str, low: int, position: int) -> int:
    low = max(low, position - _REACH)
    found = low
    for match in pattern.finditer(text, low, position):
        found = match.end()
    return found


def _first_end(pattern: re.Pattern[str], text: str, position: int, high: int) -> int:
    high = min(high, position + _REACH)
    match = pattern.search(text, position, high)
    return match.start() if match else high
