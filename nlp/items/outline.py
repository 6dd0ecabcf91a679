"""The outline of a notice: which section and which lot each position of the text belongs to."""

from __future__ import annotations

import bisect
import functools

from nlp.items.columns import column_of
from nlp.items.lotnames import LINE_MARK, LOT_MARK, lot_in_brackets, matched_number
from nlp.items.model import Section
from nlp.patterns import regex
from nlp.types import BlockKind, Document
from nlp.values import value

_KINDS: tuple[tuple[Section, str], ...] = (
    (Section.FEE, r"代理(?:服务)?(?:费|收费)|服务费|收费(?:标准|金额)|费用收取|收取标准"),
    (Section.EXPERTS, r"专家|评委|委员会|小组(?:成员|名单|组成)|评审人员|监标|采购人代表"),
    (Section.PROPOSED, r"拟(?:定|选定?)?(?:的)?(?:唯一)?供应商|唯一供应商|单一来源供应商"),
    (Section.ITEMS, r"标的(?:信息|名称|内容|情况|物|清单)|主要标的|供货(?:明细|清单|一览)|货物(?:名称|清单|明细|类|信息)|(?:中标|成交)(?:产品|货物|商品|标的)?(?:明细|清单|一览)|商品(?:信息|明细|清单)|采购(?:清单|明细)|分项报价|报价(?:明细|一览)|规格型号|产品(?:明细|清单|信息)|订单明细"),
    (Section.WINNERS, r"(?<!未)(?:中标|成交|中选|入围|定标)(?:[（(/]?(?:成交|中标)[）)]?)?(?:供应商|人|单位)(?!候选|评审|投标)"),
    (Section.CANDIDATES, r"候选|推荐(?:供应商|名次|排序|顺序)"),
    (Section.BIDDERS, r"(?:投标|响应|报价|递交|参加|参与)(?:.{0,8})(?:供应商|单位|情况|名单|报价)|投标人(?:名称|名单|情况|及)|报价情况|邀请|谈判情况|磋商情况|询价情况|评审(?:情况|得分|汇总)|评标(?:情况|汇总)|资格(?:性)?审查|符合性|得分|评分|排序|排名|未(?:中标|成交|通过)|落标|无效|开标(?:记录|情况)|各.{0,4}供应商"),
    (Section.FAILED, r"废标|流标|终止|采购失败|失败(?:原因|情况|包)"),
    (Section.CONTACT, r"联系(?:方式|人|事项|电话|办法)|询问|采购(?:人|单位)(?:及.{0,8})?(?:信息|名称|地址|$)|代理机构(?:信息|名称|地址|全称|$)|监督(?:部门|管理|单位)|投诉受理"),
    (Section.PERIOD, r"公告期限|公示期|公告期|公示时间|公告媒体|发布(?:媒体|媒介)"),
    (Section.OTHER, r"其[他它]|质疑|投诉|异议|附件|救济|免责|特此"),
    (Section.RESULT, r"中标|成交|中选|(?:采购|评标|评审|竞价|招标|磋商|谈判|询价|定标|确认|交易)结果|结果(?:信息|公告|公示|如下)?$|定标"),
    (Section.CONTRACT, r"合同"),
    (Section.TENDER, r"资格要求|资格条件|获取|提交|开启|响应文件|投标文件|截止|采购需求|评标办法|评审(?:办法|方法|标准)|评分标准"),
    (Section.BASIC, r"项目(?:信息|编号|名称|概况|基本|内容|号|相关|简要|预算)|采购(?:方式|内容|形式|预算|编号)|基本情况|招标(?:编号|项目|方式)|预算|日期|时间|地点"),
)  # fmt: skip
_KIND = regex("|".join(f"(?P<s{number}>{pattern})" for number, (_, pattern) in enumerate(_KINDS)))
_BY_GROUP = {f"s{number}": kind for number, (kind, _) in enumerate(_KINDS)}
_PRIORITY = {kind: number for number, (kind, _) in enumerate(_KINDS)}

_CN = "一二三四五六七八九十"
_NUMBERED = regex(
    rf"(?P<top>第?[{_CN}]{{1,3}}(?:章|部分)?\s?[、.．,，:：]|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨ]\s?[、.．]?|第[{_CN}]{{1,3}}(?:章|部分)\s)|(?P<sub>[（(]\s?(?:[{_CN}]{{1,3}}|\d{{1,2}})\s?[）)]\s?[、.]?)"
    r"|(?P<number>\d{1,2}\s?(?:[、．]|[.](?!\d))(?:\d{1,2}[.、]?)?)"
)
_NUMBERED_FIRST = frozenset(f"第{_CN}ⅠⅡⅢⅣⅤⅥⅦⅧⅨ（(")
"""What a number of a heading begins with, beside figures."""
_FIRST_MARK = regex(r"[:：。；;]")
_CLAUSE = regex(r"[，,、；]")
_RUN_IN = regex(
    rf"(?:(?<=[\s。；;：:）)])(?P<top>[{_CN}]{{1,3}}、)|(?P<sub>[（(][{_CN}]{{1,2}}[）)]、?))(?=\s?[^\s、]{{2}})"
)
_TITLE_END = regex(r"[:：。；;\n]|\s{1,}|(?<=[\u4e00-\u9fff])(?=[\d:：])")
_PLAIN_HEADING = regex(
    r"[^:：。；;，,\d]{2,24}(?:[（(][^（）()]{1,16}[）)])?\s*[:：]?|.{2,24}(?:如下|情况|信息|结果)\s*[:：]"
)
_OUTCOME_WORD = regex(r"废标|流标|终止|中标(?:人|供应商|金额)|成交(?:人|供应商|金额)|供应商名称")
_MAX_PLAIN = 34
_LONG_LINE = 160
_LONG_ROW = 140
_LOT_ONLY_LEVEL = 3


@value
class Mark:
    """A heading. ``level``: 1 top, 2 bracketed, 3 numbered or plain."""

    start: int
    end: int
    level: int
    kind: Section | None
    title: str


@value
class LotMark:
    start: int
    end: int
    lot: str | None
    name: str | None


class Outline:
    """Section and lot for any position. A top heading ends the lot that was open; a lot stays open until the next one or the next top heading."""

    def __init__(self, marks: list[Mark], lots: list[LotMark]) -> None:
        self.marks = marks
        self.lots = lots
        self._mark_starts = [mark.start for mark in marks]
        self._lot_starts = [mark.start for mark in lots]
        self._states = _sections_of(marks)

    def section(self, position: int) -> Section | None:
        index = bisect.bisect_right(self._mark_starts, position) - 1
        return self._states[index] if index >= 0 else None

    def heading(self, position: int) -> str:
        index = bisect.bisect_right(self._mark_starts, position) - 1
        return self.marks[index].title if index >= 0 else ""

    def lot(self, position: int) -> LotMark | None:
        index = bisect.bisect_right(self._lot_starts, position) - 1
        if index < 0 or self.lots[index].lot is None:
            return None
        return self.lots[index]


def _sections_of(marks: list[Mark]) -> list[Section | None]:
    """A numbered sub-heading without a meaning of its own stays in the section above it."""
    states: list[Section | None] = []
    top: Section | None = None
    current: Section | None = None
    for mark in marks:
        if mark.level == 1:
            top = current = mark.kind
        elif mark.kind is not None:
            current = mark.kind
        elif mark.level == _LOT_ONLY_LEVEL - 1:
            current = top
        states.append(current)
    return states


@functools.lru_cache(maxsize=4096)
def section_kind(title: str) -> Section | None:
    """What a heading's words say; of several meanings the most specific."""
    best: Section | None = None
    for match in _KIND.finditer(title):
        kind = _BY_GROUP[match.lastgroup or ""]
        if best is None or _PRIORITY[kind] < _PRIORITY[best]:
            best = kind
    return best


def outline(document: Document) -> Outline:
    """Headings and lot marks of a document, in order of position."""
    text = document.text
    marks: list[Mark] = []
    lots: list[LotMark] = []
    for block in document.blocks:
        if block.kind is BlockKind.ROW:
            # a row of one cell inside a table can be a heading too (第1包; 货物类; 三、中标信息)
            if block.end - block.start <= _LONG_ROW and text.find("¦", block.start, block.end) < 0:
                _line(text[block.start : block.end], block.start, 0, marks, lots)
            continue
        line = text[block.start : block.end]
        _line(line, block.start, block.level, marks, lots)
        if len(line) > _LONG_LINE:
            _run_in(line, block.start, marks, lots)
    marks.sort(key=lambda mark: mark.start)
    closing = [LotMark(mark.start, mark.start, None, None) for mark in marks if mark.level == 1]
    lots = sorted((*lots, *closing), key=lambda mark: (mark.start, mark.lot is not None))
    return Outline(marks, lots)


def _line(line: str, start: int, level: int, marks: list[Mark], lots: list[LotMark]) -> None:
    head, first = line[:90], line[:1]
    numbered = _NUMBERED.match(head) if first in _NUMBERED_FIRST or first.isdigit() else None
    if numbered is not None:
        depth = 1 if numbered["top"] else 2 if numbered["sub"] else 3
        body = head[numbered.end() :]
        title = _FIRST_MARK.split(body, maxsplit=1)[0]
        kind = section_kind(title) if len(title) <= 60 else None
        if depth < 3 or kind is not None:
            marks.append(Mark(start, start + len(line), depth, kind, title))
    elif len(line) <= _MAX_PLAIN and (level or (not _labelled(line) and _PLAIN_HEADING.fullmatch(line))):
        # a column header or label standing on a line of its own is no heading
        kind = section_kind(line) if "不足" not in line and column_of(line) is None else None
        if kind is not None and (
            level or kind not in {Section.BASIC, Section.CONTACT, Section.TENDER, Section.CONTRACT}
        ):
            # a plain line is a heading only where nothing follows its colon
            marks.append(Mark(start, start + len(line), 2 if level == 1 else 3, kind, line.strip(":： ")))
    if ("包" in line or "标" in line) and (len(line) <= 120 or LINE_MARK.match(head)):
        _lot_line(line, start, lots)


def _labelled(line: str) -> bool:
    """A label with its value behind it, as most short lines are: a heading has its colon at its end, or in brackets."""
    return ("：" in line or ":" in line) and line[-1] not in "：:" and "（" not in line and "(" not in line


def _lot_line(line: str, start: int, lots: list[LotMark]) -> None:
    match = LINE_MARK.match(line)
    if match is not None:
        rest = line[match.end() :]
        # 第2包 in running text is no heading: something must set it off
        if match["colon"] or match["name"] or not rest.strip() or len(line) <= 60 or rest[:1] in " \u3000，,、":
            number = matched_number(match)
            if number is not None:
                name = match["name"] or (rest.strip() if match["colon"] and 2 < len(rest.strip()) <= 60 else None)
                if name is not None and _OUTCOME_WORD.search(name):
                    name = None
                lots.append(LotMark(start, start + len(line), number, name))
        return
    if len(line) <= 80 and line[-1:] in "）):：" and not _CLAUSE.search(line):
        number = lot_in_brackets(line)
        if number is not None:
            lots.append(LotMark(start, start + len(line), number, None))


def _run_in(line: str, base: int, marks: list[Mark], lots: list[LotMark]) -> None:
    """Headings and lots inside a page that was flattened to one line."""
    for match in _RUN_IN.finditer(line):
        ahead = line[match.end() : match.end() + 60].lstrip()
        skipped = len(line[match.end() : match.end() + 60]) - len(ahead)
        end = _TITLE_END.search(ahead, 2)
        title = ahead[: end.start()] if end else ahead
        kind = section_kind(title)
        if kind is None and match["sub"]:
            continue
        begin = base + match.start()
        marks.append(Mark(begin, base + match.end() + skipped + len(title), 1 if match["top"] else 2, kind, title))
    for mark in LOT_MARK.finditer(line):
        before = line[mark.start() - 1 : mark.start()]
        if before and not before.isspace() and before not in "。；;:：）)和金息额":
            continue
        found = LINE_MARK.match(line, mark.start())
        if found is not None and (
            found["colon"] or found["name"] or line[found.end() : found.end() + 1] in " 中成废流"
        ):
            number = matched_number(found)
            if number is not None:
                lots.append(LotMark(base + found.start(), base + found.end(), number, found["name"]))
