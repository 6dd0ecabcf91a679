"""What a reader of one format gives back, and how several documents become one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field

from nlp.types import Block, Cell, Document, HintedSpan, Issue, Link, Table


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


def join(documents: Iterable[Document], max_text: int) -> tuple[Document, tuple[int, ...], bool]:
    """One document, the start of each part in its text, and whether something was left out at the end."""
    texts: list[str] = []
    blocks: list[Block] = []
    tables: list[Table] = []
    hinted: list[HintedSpan] = []
    links: list[Link] = []
    issues: list[Issue] = []
    starts: list[int] = []
    at, cut = 0, False
    for document in documents:
        if at + len(document.text) > max_text:
            cut = True
            break
        offset = at + (1 if texts and document.text else 0)
        starts.append(offset if document.text else at)
        issues.extend(document.issues)
        if not document.text:
            continue
        part = _moved(document, offset, len(tables))
        texts.append(document.text)
        blocks.extend(part.blocks)
        tables.extend(part.tables)
        hinted.extend(part.hinted)
        links.extend(part.links)
        at = offset + len(document.text)
    joined = Document("\n".join(texts), tuple(blocks), tuple(tables), None, tuple(links), tuple(hinted), tuple(issues))
    return joined, tuple(starts), cut
