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
from nlp.document.marks import words_of
from nlp.document.plain import text_document
from nlp.patterns import regex
from nlp.types import Document, Issue, Link

MAX_SOURCE = 2_000_000
"""Characters of source read, pictures inside it not counted; lexbor needs about 30 bytes of memory for each."""
_PICTURE = regex(r"data:[\w.+-]{1,40}/[\w.+-]{1,80};base64,[A-Za-z0-9+/=\s%]*")
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
_HIDING = regex(
    r"display\s*:\s*none|visibility\s*:\s*hidden|f(?<![\w-]f)ont-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)|mso-hide\s*:\s*all"
)
"""In lower case."""
# A word that a plain substring search finds fast, the pattern that confirms it where it is found, and the elements that may be meant.
_MAY_HIDE: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (word, regex(pattern), selector)
    for word, pattern, selector in (
        ("isplay", r"isplay\s*:\s*[nN]one", "[style*=isplay]"),
        ("ISPLAY", r"ISPLAY\s*:\s*(?:none|NONE|None)", "[style*=ISPLAY]"),
        ("isib", r"isib\w*\s*:\s*hidden", "[style*=isib]"),
        ("ize:0", r"ize:0(?:px|pt|em)?\s*[;\"']", "[style*='ize:0']"),
        ("ize: 0", r"ize: 0(?:px|pt|em)?\s*[;\"']", "[style*='ize: 0']"),
        ("mso-hide", r"mso-hide\s*:\s*all", "[style*=mso-hide]"),
        (" hidden", r" hidden(?:[\s/>]|=\"(?:hidden|true|)\")", "[hidden]"),
    )
)
_ESCAPED = regex(r"\\[ntr]|\\(?=[\"'/])")
_CODED = regex(
    r"(?<![\w-])(code-[A-Za-z0-9]+|notice[A-Z]\w*-\w+|projectContact-\w+|otherSupplement-\w+|releaseDateSpan)(?![\w-])"
)
_MAY_CODE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("code-", regex(r"code-[A-Za-z0-9]")),
    ("notice", regex(r"notice[A-Z]\w*-\w")),
)
_TAG = regex(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
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
_ANY_TAG = regex(r"<[^<>]*>")
_SPACE_IN_CJK = regex(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


def clean_source(html: str) -> tuple[str, tuple[Issue, ...]]:
    """Source ready for the parser, cut to a bounded size; and what had to be cut."""
    issues: tuple[Issue, ...] = ()
    if len(html) > MAX_SOURCE and "base64," in html:
        html = _PICTURE.sub("data:", html)
    if len(html) > MAX_SOURCE:
        issues = (Issue("document_truncated", f"source of {len(html)} characters cut to {MAX_SOURCE}", "document"),)
        html = html[:MAX_SOURCE]
    if "\\" in html and ('=\\"' in html or html.count("\\n") > _MANY_ESCAPES):
        html = _ESCAPED.sub(_unescape, html)
    return html, issues


def _unescape(match: re.Match[str]) -> str:
    """HTML that was cut out of a JSON string and still carries its escapes."""
    return "" if len(match.group()) == 1 else " "


def may_hide(source: str, words: frozenset[str]) -> bool:
    """Whether any element of the page can be hidden: most pages hide nothing, and their elements need no look at the style."""
    return any(word in words and pattern.search(source) is not None for word, pattern, _ in _MAY_HIDE)


def hidden_nodes(node: LexborNode, words: frozenset[str]) -> set[int]:
    """``mem_id`` of the elements in and under ``node`` that are not shown. The tree is asked for them once: few of many have such a style."""
    selectors = [selector for word, _, selector in _MAY_HIDE[:-1] if word in words]
    found = node.css(", ".join([*selectors, "[hidden]"]))
    styles: dict[str, bool] = {}
    return {element.mem_id for element in (node, *found) if _hidden(element.attributes, styles)}


def may_code(source: str, words: frozenset[str]) -> bool:
    """Whether the page names parts of itself: on most pages no class of an element needs a look."""
    return any(word in words and pattern.search(source) is not None for word, pattern in _MAY_CODE)


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
    words: frozenset[str] | None = None,
) -> Document:
    """A document of chosen parts of a parsed page, in the order given; a ``str`` is the notice's title.

    ``source`` is the page's source, looked at once to know which checks the page needs, and ``words`` the :mod:`nlp.document.marks` in it
    where they are known already. ``skip`` holds ``mem_id`` values of nodes to leave out.
    """
    if words is None:
        words = words_of(source)
    hides = may_hide(source, words)
    walker = _Walker(base_url, may_code=may_code(source, words))
    for node in nodes:
        if isinstance(node, str):
            walker.title(node)
        else:
            walker.walk(node, skip | hidden_nodes(node, words) if hides else skip)
    walker.flush()
    return assemble(walker.parts, title, tuple(walker.links), issues)


def _text(node: LexborNode) -> str | None:
    text = " ".join(node.text().split())
    return text or None


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
    __slots__ = ("grid", "reach", "row")

    def __init__(self) -> None:
        self.grid = Grid()
        self.row: list[_Cell] | None = None
        self.reach = 0
        """How many rows the cells of rows above still reach down into."""


class _OpenCode:
    """A named element that is still open: where its text began on the current line."""

    __slots__ = ("code", "start")

    def __init__(self, code: str, start: int) -> None:
        self.code = code
        self.start = start


# What an element does to the text. Anything not named is inline.
_INLINE, _BREAK, _DROP, _PLAIN_LINE, _HEADING_LINE, _TABLE, _ROW, _CELL, _ANCHOR, _PRE, _TEXT = range(11)
_KINDS: dict[str | None, int] = (
    dict.fromkeys(_SKIP, _DROP)
    | dict.fromkeys(_BLOCK, _PLAIN_LINE)
    | dict.fromkeys(_HEADING, _HEADING_LINE)
    | {"br": _BREAK, "table": _TABLE, "tr": _ROW, "td": _CELL, "th": _CELL, "a": _ANCHOR, "pre": _PRE}
    | dict.fromkeys([None], _DROP)
)


def _kinds_by_id() -> dict[int, int]:
    """The same by the parser's number of the element, which it gives without making a word of it. Whatever is not here is looked up by name."""
    tree = LexborHTMLParser("<p>.</p>")
    text = tree.css("p")[0].child
    assert text is not None
    names = [
        *_KINDS.keys() - {None, "-comment"},
        "span",
        "font",
        "b",
        "strong",
        "u",
        "i",
        "em",
        "tbody",
        "thead",
        "center",
    ]
    return {tree.create_node(name).tag_id: _KINDS.get(name, _INLINE) for name in names if name} | {text.tag_id: _TEXT}


_KINDS_BY_ID = _kinds_by_id()
_Leave = tuple[int, int, object]
"""What to do when the walk leaves an element: kind, number of codes to close, what was saved."""
_NOTHING: _Leave = (-1, 0, None)
_END_LINE: _Leave = (_PLAIN_LINE, 0, None)
_END_ROW: _Leave = (_ROW, 0, None)


class _Walker:
    def __init__(self, base_url: str | None, *, may_code: bool) -> None:
        self.base_url = base_url
        self.may_code = may_code
        self.parts: list[Part] = []
        self.links: list[Link] = []
        self.current: list[str] = []
        self.space = False
        self.level = 0
        self.hints: list[Hint] = []
        self.open_codes: list[_OpenCode] = []
        self.tables: list[_Table] = []

    # ── text ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def text(self, raw: str, words: list[str]) -> None:
        """``words`` are those of ``raw``, at least one."""
        folded = " ".join(words) if len(words) > 1 else words[0]
        if not folded.isprintable():
            # Zero-width and direction marks; str.isprintable is the fastest way to know that there are any.
            folded = folded.translate(_INVISIBLE)
            if not folded:
                return
        current = self.current
        if current and (self.space or raw[0].isspace()):
            current.append(" ")
        current.append(folded)
        self.space = raw[-1].isspace()

    def length(self) -> int:
        return sum(map(len, self.current))

    def flush(self) -> None:
        """End of a line."""
        self.space = False
        if not self.current:
            return
        line = "".join(self.current)
        for entry in self.open_codes:
            if entry.start < len(line):
                self.hints.append((entry.code, entry.start, len(line)))
            entry.start = 0
        if self.hints:
            self.parts.append(Line(line, self.level, self.hints))
            self.hints = []
        else:
            self.parts.append(Line(line, self.level))
        self.current.clear()

    def title(self, text: str) -> None:
        self.flush()
        folded = " ".join(text.split())
        if folded:
            self.parts.append(Line(folded, TITLE))

    # ── walk ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def walk(self, root: LexborNode, skip: frozenset[int]) -> None:
        """Depth first without recursion: pages may nest deeper than Python's stack. The commonest elements and empty texts are met here."""
        stack: list[tuple[LexborNode, _Leave | None]] = []
        kinds, text, may_code = _KINDS_BY_ID, self.text, self.may_code
        node: LexborNode | None = root
        while node is not None:
            kind = kinds.get(node.tag_id)
            if kind is None:
                kind = _KINDS.get(node.tag, _INLINE)
            if kind == _TEXT:
                raw = node.text_content
                if raw:
                    words = raw.split()
                    if words:
                        text(raw, words)
                    else:
                        self.space = True
            else:
                leave: _Leave | None
                if kind == _DROP or (skip and kind != _BREAK and node.mem_id in skip):
                    leave = _NOTHING
                elif may_code or kind > _PLAIN_LINE:
                    leave = self.enter(node, kind)
                elif kind:
                    if self.current:
                        self.flush()
                    else:
                        self.space = False
                    leave = _END_LINE if kind == _PLAIN_LINE else _NOTHING
                else:
                    leave = None
                if leave is not _NOTHING:
                    child = node.first_child
                    if child is not None:
                        stack.append((node, leave))
                        node = child
                        continue
                    if leave is not None:
                        self.leave(leave)
            if not stack:
                return
            following = node.next
            while following is None:
                node, leave = stack.pop()
                if leave is _END_LINE:
                    if self.current:
                        self.flush()
                    else:
                        self.space = False
                elif leave is not None:
                    self.leave(leave)
                if not stack:
                    return
                following = node.next
            node = following

    def enter(self, node: LexborNode, kind: int) -> _Leave | None:
        """Start of an element: what to do at its end; :data:`_NOTHING` when there is nothing inside to read."""
        if kind == _ROW:
            self.flush()
            if self.tables:
                self.tables[-1].row = []
            return _END_ROW
        if kind == _BREAK:
            self.flush()
            return _NOTHING
        codes: tuple[str, ...] = ()
        attributes: dict[str, str | None] | None = None
        if self.may_code:
            attributes = node.attributes
            if attributes:
                codes = _codes(attributes)
        if kind == _CELL and self.tables:
            return self.enter_cell(node, node.attributes if attributes is None else attributes, codes)
        if kind == _ANCHOR:
            self.link(node, node.attributes if attributes is None else attributes)
            kind = _INLINE
        if not kind:
            if not codes:
                return None
            start = self.length()
            self.open_codes.extend(_OpenCode(code, start + (1 if start and self.space else 0)) for code in codes)
            return (0, len(codes), None)
        self.flush()
        if kind == _TABLE:
            self.tables.append(_Table())
        elif kind == _PRE:
            self.pre(node)
            return _NOTHING
        else:
            if codes:
                self.open_codes.extend(_OpenCode(code, 0) for code in codes)
            if kind != _HEADING_LINE:
                return (_PLAIN_LINE, len(codes), None) if codes else _END_LINE
            saved, self.level = self.level, _HEADING[node.tag or ""]
            return (_HEADING_LINE, len(codes), saved)
        return (kind, 0, None)

    def leave(self, leave: _Leave) -> None:
        kind, codes, saved = leave
        if not kind:
            self.close_codes(codes)
            return
        self.flush()
        if codes:
            self.close_codes(codes)
        if kind == _CELL:
            assert isinstance(saved, tuple)
            cell, self.level = saved
            self.parts = cell.outer
        elif kind == _ROW:
            self.leave_row()
        elif kind == _HEADING_LINE:
            assert isinstance(saved, int)
            self.level = saved
        elif kind == _TABLE:
            self.leave_table()

    def close_codes(self, count: int) -> None:
        end = self.length()
        self.hints.extend((entry.code, entry.start, end) for entry in self.open_codes[-count:] if entry.start < end)
        del self.open_codes[-count:]

    def pre(self, node: LexborNode) -> None:
        for line in node.text().splitlines():
            words = line.split()
            if words:
                self.text(line, words)
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

    def enter_cell(self, node: LexborNode, attributes: dict[str, str | None], codes: tuple[str, ...]) -> _Leave:
        self.flush()
        colspan, rowspan = attributes.get("colspan"), attributes.get("rowspan")
        cell = _Cell(
            self.parts, node.tag == "th", _span(colspan) if colspan else 1, _span(rowspan) if rowspan else 1, codes
        )
        table = self.tables[-1]
        if table.row is None:
            table.row = []
        table.row.append(cell)
        self.parts = cell.parts
        if codes:
            self.open_codes.extend(_OpenCode(code, 0) for code in codes)
        level, self.level = self.level, 0
        return (_CELL, len(codes), (cell, level))

    def leave_row(self) -> None:
        if not self.tables:
            return
        table = self.tables[-1]
        row, table.row = table.row, None
        if not row:
            return
        filled = [cell.parts for cell in row if cell.parts]
        nested = False
        for parts in filled:
            for part in parts:
                if type(part) is Grid:
                    nested = True
        reach = max([cell.rowspan for cell in row])
        # Several lines in the only filled cell are text; one line is a row of the table (合同包1).
        alone = len(filled) == 1 and len(filled[0]) > 1 and reach == 1 and table.reach == 0
        table.reach = max(table.reach, reach) - 1
        if nested or alone:
            table.grid.rows.append([part for parts in filled for part in parts])
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


def _cell_part(cell: _Cell) -> CellPart:
    if not cell.parts:
        return CellPart("", cell.header, cell.colspan, cell.rowspan, (), cell.codes)
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


def _span(raw: str) -> int:
    digits = raw.strip()[:6]
    return max(int(digits), 1) if digits.isdecimal() else 1


def _hidden(attributes: dict[str, str | None], styles: dict[str, bool]) -> bool:
    """``styles`` remembers what the styles of this page do: the same few stand on all its elements."""
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    if not style:
        return False
    hides = styles.get(style)
    if hides is None:
        hides = styles[style] = _HIDING.search(style.lower()) is not None
    return hides


def _codes(attributes: dict[str, str | None]) -> tuple[str, ...]:
    names = attributes.get("class") or ""
    if attributes.get("name") == "releaseDateSpan":
        names += " releaseDateSpan"
    if not names:
        return ()
    return tuple(dict.fromkeys(_CODED.findall(names)))
