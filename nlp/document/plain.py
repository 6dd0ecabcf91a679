"""Plain text to the visible document: flattened pages, records of other collectors, text layers of PDF files."""

from __future__ import annotations

from nlp.document.layout import TITLE, CellPart, Grid, Line, Part, assemble
from nlp.patterns import regex
from nlp.types import Document

_INVISIBLE = regex("[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069]")
_LINE = regex(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+|(?<![ \u3000\t])[ \u3000]*\t[ \u3000]*\t\s*")
_RUN_IN_HEADING = regex(
    r"(?<=[\s。；;：:])(?=[一二三四五六七八九十]{1,3}、[^\s、]{2})|(?<=[^\s（(第])[ \u3000]{2,}(?=[^\s])"
)
_CELL = regex(r" ?¦ ?|\t")
_MAX_CELLS = 256
_PIPES = regex(r"^\s*\|+\s*|\s*\|+\s*$")


def text_document(text: str, title: str | None = None) -> Document:
    """Each source line is a block; a line with cell borders (``¦``) or single tabs is a table row.

    Pages that were flattened to one line lose their structure: runs of tabs or blanks and run-in headings (``…。 二、…``) start a new line.
    ``title`` becomes the first line. Never raises on content.
    """
    if _INVISIBLE.search(text) is not None:
        text = _INVISIBLE.sub("", text)
    parts: list[Part] = [Line(" ".join(title.split()), TITLE)] if title and title.strip() else []
    grid: Grid | None = None
    for source in _LINE.split(text):
        if "\t" in source or "¦" in source:
            cells = [" ".join(cell.split()) for cell in _CELL.split(source.strip(" \u3000"))[:_MAX_CELLS]]
            if len(cells) > 1 and any(cells):
                if grid is None:
                    grid = Grid()
                    parts.append(grid)
                grid.rows.append([CellPart(cell) for cell in cells])
                grid.layout.append(False)
                continue
        pieces = _RUN_IN_HEADING.split(source) if len(source) > 1 else [source]
        for piece in pieces:
            folded = " ".join(piece.split())
            if folded and (folded[0] == "|" or folded[-1] == "|"):
                folded = _PIPES.sub("", folded)
            if folded:
                grid = None
                parts.append(Line(folded))
    return assemble(parts, title)
