"""What a reader of one format gives back, and how several documents become one."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from nlp.types import Block, Cell, Document, HintedSpan, Issue, Link, Table

_PAGE_NUMBER = re.compile(r"[-—–\s]*(?:第\s*)?\d{1,4}\s*(?:页|[/／]\s*\d{1,4})?(?:[，,\s]*共\s*\d{1,4}\s*页)?[-—–\s]*")


@dataclass(slots=True)
class Content:
    """``documents`` in reading order: one a page, sheet or archive entry. ``paged``: each of them is a page of the file."""

    documents: list[Document] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    paged: bool = False


class UnreadableError(Exception):
    """A file that cannot be read: ``code`` of the issue and its message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def _moved_cell(cell: Cell, by: int) -> Cell:
    return dataclasses.replace(cell, start=cell.start + by, end=cell.end + by)


def _moved(document: Document, by: int, tables: int) -> Document:
    if not by and not tables:
        return document
    return dataclasses.replace(
        document,
        blocks=tuple(
            dataclasses.replace(
                block,
                start=block.start + by,
                end=block.end + by,
                table=None if block.table is None else block.table + tables,
            )
            for block in document.blocks
        ),
        tables=tuple(
            Table(
                tuple(tuple(_moved_cell(cell, by) for cell in row) for row in table.rows),
                table.start + by,
                table.end + by,
                table.section,
                table.caption,
            )
            for table in document.tables
        ),
        hinted=tuple(dataclasses.replace(span, start=span.start + by, end=span.end + by) for span in document.hinted),
    )


def ends_in_table(document: Document) -> bool:
    """Whether nothing but a page number stands below the last table."""
    return next((b.table is not None for b in reversed(document.blocks) if not _page_number(document, b)), False)


def _begins_in_table(document: Document) -> bool:
    return next((b.table is not None for b in document.blocks if not _page_number(document, b)), False)


def _page_number(document: Document, block: Block) -> bool:
    return block.table is None and _PAGE_NUMBER.fullmatch(document.text[block.start : block.end]) is not None


def _continues(above: Document | None, below: Document) -> bool:
    """Whether the first table of a page is the last one of the page above: as wide, and without a head of its own."""
    if above is None or not above.tables or not below.tables or not ends_in_table(above) or not _begins_in_table(below):
        return False
    first, last = below.tables[0], above.tables[-1]
    if not first.rows or not last.rows or len(first.rows[0]) != len(last.rows[0]):
        return False
    heads = {tuple(cell.text for cell in row) for row in last.rows[:3]}
    return tuple(cell.text for cell in first.rows[0]) not in heads


def join(
    documents: Iterable[Document], max_text: int, *, pages: bool = False
) -> tuple[Document, tuple[int, ...], bool]:
    """One document, the start of each part in its text, and whether something was left out at the end.

    Of ``pages``, a table that goes on over the edge of one is one table.
    """
    texts: list[str] = []
    blocks: list[Block] = []
    tables: list[Table] = []
    hinted: list[HintedSpan] = []
    links: list[Link] = []
    issues: list[Issue] = []
    starts: list[int] = []
    at, cut = 0, False
    above: Document | None = None
    for document in documents:
        if at + len(document.text) > max_text:
            cut = True
            break
        offset = at + (1 if texts and document.text else 0)
        starts.append(offset if document.text else at)
        issues.extend(document.issues)
        if not document.text:
            continue
        goes_on = pages and _continues(above, document)
        above = document
        part = _moved(document, offset, len(tables) - goes_on)
        if goes_on:
            upper, lower = tables[-1], part.tables[0]
            tables[-1] = dataclasses.replace(upper, rows=upper.rows + lower.rows, end=lower.end)
        texts.append(document.text)
        blocks.extend(part.blocks)
        tables.extend(part.tables[goes_on:])
        hinted.extend(part.hinted)
        links.extend(part.links)
        at = offset + len(document.text)
    joined = Document("\n".join(texts), tuple(blocks), tuple(tables), None, tuple(links), tuple(hinted), tuple(issues))
    return joined, tuple(starts), cut
