"""Label and value pairs of a document, in reading order.

A label stands before a colon, alone in a table cell beside or above its value, or alone on a line before it. What a bare ``名称：`` names follows
from the heading above (``1.采购人信息``).
"""

from __future__ import annotations

from nlp.notice.labels import Entry, strip_numbering, trailing_label, whole_label
from nlp.notice.norm import Evened, squeeze
from nlp.patterns import regex
from nlp.types import CELL_BORDER, BlockKind, Document
from nlp.values import value

MAX_PAIRS = 4000
MAX_BLOCKS = 6000
"""Fields of a notice stand before its long tables, never thousands of rows into them."""
_REMARK = regex(r"\([^()]{1,12}\)$")
_OPENING = regex(r"开标|开启|开标时间")
_DATE_FIRST = regex(r"\s*20\d\d\s*[年.\-/]\s*\d{1,2}")
_TRIM = " \t\n:,;。、."
_CONTEXTS = (
    (r"拟.{0,6}供应商.{0,8}|单一来源供应商.{0,4}", "proposed_supplier"),
    (r"(?:采购|招标|集中采购|集中招标)?代理(?:机构|单位)?(?:的)?(?:信息|联系方式|情况|联系人|名称地址和联系方式)?|集中采购机构(?:信息|联系方式)?", "agency"),
    (
        r"(?:采购人|采购单位|招标人|招标单位|甲方|采购方|发包人|比选人|询价人|业主)(?:单位)?(?:\(.{1,6}\))?(?:的)?(?:信息|联系方式|情况|名称、?地址和联系方式)?",
        "buyer",
    ),
    (r".{0,12}(?:财政|监督|监管|主管)(?:管理)?部门.{0,8}|.{0,10}监督管理(?:机构|单位).{0,6}|投诉受理.{0,6}|受理.{0,8}", "supervisor"),
    (r"(?:中标|成交|入围|中选)?(?:\(.{1,4}\))?供应商(?:信息|情况|名称)?.{0,6}|乙方|中标人(?:信息)?|供应商.{0,4}", "supplier"),
    (r"项目联系(?:方式|人).{0,4}", ""),
)  # fmt: skip
_CONTEXT = regex("|".join(f"(?P<c{index}>{pattern})" for index, (pattern, _) in enumerate(_CONTEXTS)))
_CONTEXT_CHAR = regex("[商理构人位方主门]")
"""Every context holds one of these."""
_CONTEXT_NAMES = tuple(name for _, name in _CONTEXTS)


@value
class Pair:
    """``value`` are the page's own words, ``text[start:end]``. ``context`` is the party the surrounding section is about."""

    kind: str
    rank: int
    label: str
    remark: str
    value: str
    start: int
    end: int
    context: str
    vertical: bool = False
    section: str = ""
    """The top heading the pair stands under."""


@value
class _Found:
    """A label in front of a colon: where it starts, where its value starts."""

    label: str
    entry: Entry
    remark: str
    start: int
    value: int


def context_of(line: str) -> str | None:
    """The party a heading is about: buyer, agency, supplier …; an empty word for "nobody"; null when the line is no such heading."""
    if len(line) > 30 or _CONTEXT_CHAR.search(line) is None:
        return None
    compact = squeeze(strip_numbering(line)).strip(":.、。")
    if compact.endswith(")"):
        compact = _REMARK.sub("", compact)
    if not compact:
        return None
    match = _CONTEXT.fullmatch(compact)
    if match is None or match.lastgroup is None:
        return None
    return _CONTEXT_NAMES[int(match.lastgroup[1:])]


class PairReader:
    """One pass over the blocks of a document."""

    def __init__(self, document: Document, plain: Evened) -> None:
        self.document = document
        self.text = plain.text
        self.even = plain.even
        self.pairs: list[Pair] = []
        self.context = ""
        self.section = ""
        self.opening = False
        """Whether the section is about the opening of bids."""
        self.waiting: _Found | None = None
        self.header: list[tuple[str, Entry, str] | None] | None = None
        self.header_table: int | None = None
        self.columns: dict[int, list[Pair]] = {}

    def read(self) -> list[Pair]:
        for block in self.document.blocks[:MAX_BLOCKS]:
            if len(self.pairs) > MAX_PAIRS:
                break
            if block.kind is BlockKind.ROW:
                self.row(block.start, block.end, block.table)
            else:
                self.close_header()
                self.line(block.start, block.end, top=block.level == 1)
        self.close_header()
        return self.pairs

    # ── lines ────────────────────────────────────────────────────────────────────────────────────────────────────

    def line(self, start: int, end: int, *, top: bool) -> None:
        line = self.even[start:end]
        context = context_of(line)
        if context is not None:
            self.context = context
        elif top:
            self.context = ""
        if top:
            self.section = line
            self.opening = _OPENING.search(line) is not None
        elif self.opening and _DATE_FIRST.match(line) is not None:
            self.add(_Found("开标时间", ("opening", 0), "", start, start), start, end)
            return
        if ":" not in line:
            alone = whole_label(line)
            waiting, self.waiting = self.waiting, None
            if waiting is not None and alone is None and context is None:
                # The line is the value of the label that stood alone before it.
                self.add(waiting, start, end)
                return
            if alone is not None and (context is None or alone[1][0] in {"buyer", "agency"}):
                self.waiting = _Found(*alone, start, end)
            return
        self.segment(start, end)

    def segment(self, start: int, end: int) -> None:
        """Pairs with colons inside one line or cell."""
        text = self.even
        found: list[_Found] = []
        floor = start
        at = text.find(":", start, end)
        while at >= 0:
            label = trailing_label(text[max(floor, at - 60) : at])
            if label is not None:
                name, entry, remark, offset = label
                found.append(_Found(name, entry, remark, max(floor, at - 60) + offset, at + 1))
                floor = at + 1
            at = text.find(":", at + 1, end)
        if self.waiting is not None:
            stop = found[0].start if found else end
            if text[start:stop].strip(_TRIM):
                waiting, self.waiting = self.waiting, None
                if not found or found[0].start > start:
                    self.add(waiting, start, stop)
            else:
                self.waiting = None
        for index, item in enumerate(found):
            stop = found[index + 1].start if index + 1 < len(found) else end
            if text[item.value : stop].strip(_TRIM):
                self.add(item, item.value, stop)
                continue
            if item.entry[0] in {"buyer", "agency", "proposed_supplier"}:
                self.context = item.entry[0]
            if index + 1 == len(found):
                self.waiting = item

    def add(self, found: _Found, start: int, end: int, *, vertical: bool = False) -> Pair | None:
        text = self.text
        while start < end and text[start] in " \t:：":
            start += 1
        while end > start and text[end - 1] in " \t":
            end -= 1
        if start >= end:
            return None
        kind, rank = found.entry
        pair = Pair(
            kind, rank, found.label, found.remark, text[start:end], start, end, self.context, vertical, self.section
        )
        if not vertical:
            self.pairs.append(pair)
        return pair

    # ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def row(self, start: int, end: int, table: int | None) -> None:
        cells = self.cells(start, end)
        labels = [whole_label(self.even[a:b]) if a < b else None for a, b in cells]
        filled = [index for index, (a, b) in enumerate(cells) if a < b]
        known = [index for index in filled if labels[index] is not None]
        if self.header is not None and self.header_table == table and len(cells) == len(self.header) and not known:
            self.under_header(cells)
            return
        self.close_header()
        if len(filled) == 1:
            a, b = cells[filled[0]]
            self.line(a, b, top=False)
            return
        self.waiting = None
        if len(known) >= 2 and (
            len(known) == len(filled)
            or (len(known) * 2 >= len(filled) and len(filled) >= 3 and self.looks_like_header(cells, labels))
        ):
            self.header, self.header_table = labels, table
            return
        index = 0
        while index < len(cells):
            a, b = cells[index]
            label = labels[index]
            if label is not None and index + 1 < len(cells):
                c, d = cells[index + 1]
                if c < d and labels[index + 1] is None:
                    value = self.even[c:d]
                    if ":" not in value or trailing_label(value[: value.index(":")]) is None:
                        self.add(_Found(*label, a, c), c, d)
                        if label[1][0] in {"buyer", "agency"}:
                            self.context = label[1][0]
                        index += 2
                        continue
                index += 1
                continue
            if a < b:
                context = context_of(self.even[a:b])
                if context is not None:
                    self.context = context
                elif ":" in self.even[a:b]:
                    self.segment(a, b)
                    self.waiting = None
            index += 1

    def cells(self, start: int, end: int) -> list[tuple[int, int]]:
        spans: list[tuple[int, int]] = []
        at = start
        while True:
            border = self.text.find(CELL_BORDER, at, end)
            if border < 0:
                spans.append((at, end))
                return spans
            spans.append((at, border))
            at = border + len(CELL_BORDER)

    def looks_like_header(self, cells: list[tuple[int, int]], labels: list[tuple[str, Entry, str] | None]) -> bool:
        """No cell of a header row is long or holds a figure; labels stand beside each other."""
        neighbours = any(labels[i] is not None and labels[i + 1] is not None for i in range(len(labels) - 1))
        return neighbours and all(b - a <= 24 and not any(c.isdigit() for c in self.even[a:b]) for a, b in cells)

    def under_header(self, cells: list[tuple[int, int]]) -> None:
        assert self.header is not None
        for index, label in enumerate(self.header):
            a, b = cells[index]
            if label is None or a >= b or label[1][0].startswith("_"):
                continue
            pair = self.add(_Found(*label, a, a), a, b, vertical=True)
            if pair is not None:
                self.columns.setdefault(index, []).append(pair)

    def close_header(self) -> None:
        """A column speaks for the notice only when all its rows say the same."""
        self.header = None
        if not self.columns:
            return
        for pairs in self.columns.values():
            if len({squeeze(pair.value) for pair in pairs}) == 1:
                self.pairs.append(pairs[0])
        self.columns = {}


def read_pairs(document: Document, plain: Evened | None = None) -> list[Pair]:
    """All pairs of the document; at most :data:`MAX_PAIRS`. ``plain`` is its text, where that was made even already."""
    return PairReader(document, plain or Evened(document.text)).read()
