"""HTML to the visible document, in one pass over a lexbor tree.

Hidden elements, scripts, styles and form controls are dropped. A table that only lays out the page becomes ordinary lines; a table of
data becomes rows. Values that the page's own markup names (``code-00004``, ``noticePurchase-…``) come out as hinted spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from nlp.document.layout import TITLE, CellPart, Grid, Hint, Line, Part, assemble
from nlp.document.plain import text_document
from nlp.types import Document, Issue, Link

MAX_SOURCE = 8_000_000
"""Characters of source read; lexbor needs about 30 bytes of memory for each."""
_MAX_DEPTH = 2000
_MAX_LINKS = 5000
_MANY_ESCAPES = 10

_SKIP = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "head",
        "select",
        "option",
        "button",
        "textarea",
        "canvas",
        "audio",
        "video",
        "map",
        "link",
        "meta",
        "-comment",
    ]
)
_BLOCK = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "form",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "nav",
        "aside",
        "blockquote",
        "pre",
        "center",
        "address",
        "fieldset",
        "legend",
        "figure",
        "figcaption",
        "caption",
        "details",
        "summary",
        "body",
        "html",
        "hr",
        "frameset",
    ]
)
_HEADING = {"h1": 1, "h2": 1, "h3": 1, "h4": 1, "h5": 2, "h6": 2}
_INVISIBLE_CHARS = (
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE_CHARS))
_INVISIBLE_ENTITY = re.compile(
    r"&(?:#(?:820[3-7]|8288|65279|173|[xX]0*(?:200[b-fB-F]|2060|[fF][eE][fF][fF]|[aA][dD]))|zwnj|zwj|shy|lrm|rlm);"
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?<![\w-])font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)|mso-hide\s*:\s*all",
    re.IGNORECASE,
)
# Each starts with plain letters: the search for it runs at the speed of a substring search.
_MAY_HIDE = tuple(
    re.compile(pattern)
    for pattern in (
        r"display\s*:\s*none",
        r"DISPLAY\s*:\s*none",
        r"visibility\s*:\s*hidden",
        r"font-size\s*:\s*0\D",
        r"mso-hide",
        r" hidden[\s=/>]",
    )
)
_ESCAPED = re.compile(r"\\[ntr]|\\(?=[\"'/])")
_CODED = re.compile(
    r"(?<![\w-])(code-[A-Za-z0-9]+|notice[A-Z]\w*-\w+|projectContact-\w+|otherSupplement-\w+|releaseDateSpan)(?![\w-])"
)
_MAY_BE_CODED = tuple(
    re.compile(pattern)
    for pattern in (
        r"code-[A-Z0-9a-z]",
        r"notice[A-Z]\w*-",
        r"projectContact-",
        r"releaseDateSpan",
        r"otherSupplement-",
    )
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_NEVER_NESTS = frozenset(
    [
        "p",
        "li",
        "td",
        "th",
        "tr",
        "tbody",
        "thead",
        "tfoot",
        "option",
        "dt",
        "dd",
        "br",
        "hr",
        "img",
        "input",
        "meta",
        "link",
        "col",
        "colgroup",
        "area",
        "base",
        "embed",
        "param",
        "source",
        "wbr",
    ]
)
_ANY_TAG = re.compile(r"<[^<>]*>")
_SPACE_IN_CJK = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


def clean_source(html: str) -> tuple[str, tuple[Issue, ...]]:
    """Source ready for the parser: cut to a bounded size, invisible characters dropped; and what had to be cut."""
    issues: tuple[Issue, ...] = ()
    if len(html) > MAX_SOURCE:
        issues = (Issue("document_truncated", f"source of {len(html)} characters cut to {MAX_SOURCE}", "document"),)
        html = html[:MAX_SOURCE]
    if not html.isascii() and any(char in html for char in _INVISIBLE_CHARS):
        html = html.translate(_INVISIBLE)
    if "&#8" in html or "&#x" in html or "&#6" in html or "&zw" in html or "&shy" in html:
        html = _INVISIBLE_ENTITY.sub("", html)
    if '=\\"' in html or html.count("\\n") > _MANY_ESCAPES:
        html = _ESCAPED.sub(_unescape, html)
    return html, issues


def _unescape(match: re.Match[str]) -> str:
    """HTML that was cut out of a JSON string and still carries its escapes."""
    return "" if len(match.group()) == 1 else " "


def too_deep(html: str) -> bool:
    """Nesting that would make any HTML parser quadratic. Costs a scan only where there are enough tags for it."""
    if html.count("<") < 2 * _MAX_DEPTH:
        return False
    depth = 0
    for match in _TAG.finditer(html):
        if match.group(2).lower() in _NEVER_NESTS:
            continue
        depth += -1 if match.group(1) else 1
        if depth > _MAX_DEPTH:
            return True
        depth = max(depth, 0)
    return False


def html_document(html: str, base_url: str | None = None) -> Document:
    """The visible text of a whole page or fragment. Never raises on content."""
    source, issues = clean_source(html)
    if too_deep(source):
        return flat_document(source, issues)
    tree = LexborHTMLParser(source)
    root = tree.body or tree.root
    if root is None:
        return assemble([], issues=issues)
    title = tree.css_first("head title, title")
    return nodes_document([root], source, base_url, _text(title) if title is not None else None, issues)


def flat_document(source: str, issues: tuple[Issue, ...] = ()) -> Document:
    """What is left of a page whose nesting no parser should follow: its text without tables."""
    issue = Issue(
        "nesting_too_deep", f"more than {_MAX_DEPTH} elements inside each other; tables were not read", "document"
    )
    plain = text_document(_ANY_TAG.sub("\n", source))
    return Document(plain.text, plain.blocks, (), None, (), (), (*issues, issue, *plain.issues))


def nodes_document(
    nodes: Iterable[LexborNode | str],
    source: str,
    base_url: str | None = None,
    title: str | None = None,
    issues: tuple[Issue, ...] = (),
    *,
    skip: frozenset[int] = frozenset(),
) -> Document:
    """A document of chosen parts of a parsed page, in the order given; a ``str`` is the notice's title.

    ``source`` is the page's source, looked at once to know which checks the page needs. ``skip`` holds ``mem_id`` values of nodes to leave out.
    """
    walker = _Walker(
        base_url,
        may_hide=any(pattern.search(source) for pattern in _MAY_HIDE),
        may_code=any(pattern.search(source) for pattern in _MAY_BE_CODED),
        skip=skip,
    )
    for node in nodes:
        if isinstance(node, str):
            walker.title(node)
        else:
            walker.walk(node)
    walker.flush()
    return assemble(walker.parts, title, tuple(walker.links), issues)


def _text(node: LexborNode) -> str | None:
    text = " ".join(node.text().split())
    return text or None


class _Frame:
    """What to do when the walk leaves an element."""

    __slots__ = ("action", "node", "saved")

    def __init__(self, node: LexborNode, action: str, saved: object = None) -> None:
        self.node = node
        self.action = action
        self.saved = saved


class _Cell:
    """The cell being read: its own parts, collected until the row is known to be data or layout."""

    __slots__ = ("codes", "colspan", "header", "outer", "parts", "rowspan")

    def __init__(self, outer: list[Part], header: bool, colspan: int, rowspan: int, codes: tuple[str, ...]) -> None:
        self.outer = outer
        self.parts: list[Part] = []
        self.header = header
        self.colspan = colspan
        self.rowspan = rowspan
        self.codes = codes


class _Table:
    __slots__ = ("grid", "row")

    def __init__(self) -> None:
        self.grid = Grid()
        self.row: list[_Cell] | None = None


class _Walker:
    def __init__(self, base_url: str | None, *, may_hide: bool, may_code: bool, skip: frozenset[int]) -> None:
        self.base_url = base_url
        self.may_hide = may_hide
        self.may_code = may_code
        self.skip = skip
        self.parts: list[Part] = []
        self.links: list[Link] = []
        self.current: list[str] = []
        self.length = 0
        self.space = False
        self.level = 0
        self.hints: list[Hint] = []
        self.open_codes: list[list[object]] = []
        self.tables: list[_Table] = []

    # ── text ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def text(self, raw: str) -> None:
        words = raw.split()
        if not words:
            self.space = True
            return
        if self.length and (self.space or raw[0].isspace()):
            self.current.append(" ")
            self.length += 1
        folded = " ".join(words) if len(words) > 1 else words[0]
        self.current.append(folded)
        self.length += len(folded)
        self.space = raw[-1].isspace()

    def flush(self) -> None:
        """End of a line."""
        self.space = False
        if not self.length:
            return
        for entry in self.open_codes:
            start = entry[1]
            if isinstance(start, int) and start < self.length:
                self.hints.append((str(entry[0]), start, self.length))
            entry[1] = 0
        self.parts.append(Line("".join(self.current), self.level, self.hints))
        self.current = []
        self.length = 0
        self.hints = []

    def title(self, text: str) -> None:
        self.flush()
        folded = " ".join(text.split())
        if folded:
            self.parts.append(Line(folded, TITLE))

    # ── walk ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def walk(self, root: LexborNode) -> None:
        stack: list[_Frame] = []
        node: LexborNode | None = root
        while node is not None:
            frame = self.enter(node)
            if frame is not None:
                child = node.child
                if child is not None:
                    stack.append(frame)
                    node = child
                    continue
                self.leave(frame)
            if not stack:
                return
            following = node.next
            while following is None:
                frame = stack.pop()
                self.leave(frame)
                if not stack:
                    return
                following = frame.node.next
            node = following

    def enter(self, node: LexborNode) -> _Frame | None:
        """Start of an element; null when there is nothing inside to read."""
        tag = node.tag or ""
        if tag == "-text":
            text = node.text_content
            if text:
                self.text(text)
            return None
        if tag == "br":
            self.flush()
            return None
        if tag in _SKIP or (self.skip and node.mem_id in self.skip):
            return None
        codes: tuple[str, ...] = ()
        if self.may_hide or self.may_code or tag in {"td", "th", "a"}:
            attributes = node.attributes
            if self.may_hide and attributes and _hidden(attributes):
                return None
            if self.may_code and attributes:
                codes = _codes(attributes)
            if tag == "a":
                self.link(node, attributes)
        if tag in {"td", "th"} and self.tables:
            return self.enter_cell(node, tag, codes)
        if tag == "table":
            self.flush()
            self.tables.append(_Table())
            return _Frame(node, "table", self.level)
        if tag == "tr":
            self.flush()
            if self.tables:
                self.tables[-1].row = []
            return _Frame(node, "tr")
        if tag in _BLOCK or tag in {"td", "th"}:
            self.flush()
            saved = self.level
            self.level = _HEADING.get(tag, saved)
            if tag == "pre":
                self.pre(node)
                self.level = saved
                return None
            if codes:
                self.open_codes.extend([code, 0] for code in codes)
            return _Frame(node, "block", (saved, len(codes)))
        if codes:
            start = self.length + (1 if self.length and self.space else 0)
            self.open_codes.extend([code, start] for code in codes)
            return _Frame(node, "code", len(codes))
        return _Frame(node, "")

    def leave(self, frame: _Frame) -> None:
        action = frame.action
        if not action:
            return
        if action == "code":
            assert isinstance(frame.saved, int)
            self.close_codes(frame.saved)
        elif action == "block":
            self.flush()
            assert isinstance(frame.saved, tuple)
            self.level, codes = frame.saved
            if codes:
                self.close_codes(codes)
        elif action == "cell":
            self.flush()
            assert isinstance(frame.saved, tuple)
            cell, codes, self.level = frame.saved
            if codes:
                self.close_codes(codes)
            self.parts = cell.outer
        elif action == "tr":
            self.flush()
            self.leave_row()
        elif action == "table":
            self.flush()
            self.leave_table()

    def close_codes(self, count: int) -> None:
        for entry in self.open_codes[-count:]:
            start = entry[1]
            if isinstance(start, int) and start < self.length:
                self.hints.append((str(entry[0]), start, self.length))
        del self.open_codes[-count:]

    def pre(self, node: LexborNode) -> None:
        for line in node.text().splitlines():
            self.text(line)
            self.flush()

    def link(self, node: LexborNode, attributes: dict[str, str | None]) -> None:
        href = (attributes.get("href") or "").strip()
        if not href or href.startswith(("#", "javascript:", "mailto:", "tel:")) or len(self.links) >= _MAX_LINKS:
            return
        try:
            url = urljoin(self.base_url, href) if self.base_url else href
        except ValueError:
            return
        self.links.append(Link(_text(node) or (attributes.get("title") or "").strip(), url))

    # ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────

    def enter_cell(self, node: LexborNode, tag: str, codes: tuple[str, ...]) -> _Frame:
        self.flush()
        attributes = node.attributes
        cell = _Cell(self.parts, tag == "th", _span(attributes.get("colspan")), _span(attributes.get("rowspan")), codes)
        table = self.tables[-1]
        if table.row is None:
            table.row = []
        table.row.append(cell)
        self.parts = cell.parts
        if codes:
            self.open_codes.extend([code, 0] for code in codes)
        level, self.level = self.level, 0
        return _Frame(node, "cell", (cell, len(codes), level))

    def leave_row(self) -> None:
        if not self.tables:
            return
        table = self.tables[-1]
        row, table.row = table.row, None
        if not row:
            return
        filled = [cell for cell in row if cell.parts]
        nested = any(isinstance(part, Grid) for cell in filled for part in cell.parts)
        alone = (
            len(filled) == 1
            and (len(filled[0].parts) > 1 or len(row) == 1)
            and not any(cell.rowspan > 1 for cell in row)
        )
        if nested or (alone and _reads_as_text(filled[0], len(row))):
            table.grid.rows.append([part for cell in filled for part in cell.parts])
            table.grid.layout.append(True)
            return
        table.grid.rows.append([_cell_part(cell) for cell in row])
        table.grid.layout.append(False)

    def leave_table(self) -> None:
        table = self.tables.pop()
        if table.row:
            self.tables.append(table)
            self.leave_row()
            self.tables.pop()
        grid = table.grid
        if not grid.rows:
            return
        if all(layout or len(row) == 1 for row, layout in zip(grid.rows, grid.layout, strict=True)):
            for row, layout in zip(grid.rows, grid.layout, strict=True):
                if layout:
                    self.parts.extend(row)  # type: ignore[arg-type]  # a layout row holds parts
                else:
                    cell = row[0]
                    if isinstance(cell, CellPart) and cell.text:
                        self.parts.append(Line(cell.text.replace("\n", " "), 0, cell.hints))
            return
        self.parts.append(grid)


def _reads_as_text(cell: _Cell, width: int) -> bool:
    """One filled cell is text when it holds several lines; one line spanning a wider table is a row of it (``合同包1``)."""
    return len(cell.parts) > 1 or (width == 1 and cell.colspan == 1)


def _cell_part(cell: _Cell) -> CellPart:
    if not cell.parts:
        return CellPart("", cell.header, cell.colspan, cell.rowspan, [], cell.codes)
    if len(cell.parts) == 1:
        only = cell.parts[0]
        assert isinstance(only, Line)
        return CellPart(only.text, cell.header, cell.colspan, cell.rowspan, only.hints, cell.codes)
    texts: list[str] = []
    hints: list[Hint] = []
    at = 0
    for part in cell.parts:
        assert isinstance(part, Line)
        texts.append(part.text)
        hints.extend((code, start + at, end + at) for code, start, end in part.hints)
        at += len(part.text) + 1
    return CellPart("\n".join(texts), cell.header, cell.colspan, cell.rowspan, hints, cell.codes)


def _span(raw: str | None) -> int:
    if raw is None:
        return 1
    digits = raw.strip()[:6]
    return max(int(digits), 1) if digits.isdecimal() else 1


def _hidden(attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return style is not None and _HIDING.search(style) is not None


def _codes(attributes: dict[str, str | None]) -> tuple[str, ...]:
    names = attributes.get("class") or ""
    if attributes.get("name") == "releaseDateSpan":
        names += " releaseDateSpan"
    if not names:
        return ()
    return tuple(dict.fromkeys(_CODED.findall(names)))
