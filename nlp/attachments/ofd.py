"""ofd (GB/T 33190), the national page format: the text objects of each page in reading order."""

from __future__ import annotations

import io
import re
import zipfile

from nlp.attachments.content import Content
from nlp.attachments.limits import Limits
from nlp.attachments.word import xml_root
from nlp.attachments.zips import check_bomb, read_entry
from nlp.document.layout import Line, assemble
from nlp.types import Issue

_PAGE = re.compile(r"(?:^|/)Pages/Page_(\d+)/Content\.xml$")
_SAME_LINE = 1.5
"""Millimetres two text objects of one line may lie apart."""


def read_ofd(body: bytes, limits: Limits) -> Content:
    content = Content(paged=True)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        check_bomb(archive.infolist(), len(body), limits)
        pages = sorted((int(match[1]), info) for info in archive.infolist() if (match := _PAGE.search(info.filename)))
        for _, info in pages[: limits.pages]:
            root = xml_root(read_entry(archive, info, limits))
            objects: list[tuple[float, float, str]] = []
            for element in root.iter("{*}TextObject"):
                box = (element.get("Boundary") or "0 0 0 0").split()
                text = "".join(code.text or "" for code in element.iter("{*}TextCode"))
                if text.strip() and len(box) == 4:
                    objects.append((_number(box[1]), _number(box[0]), text))
            content.documents.append(assemble([Line(line) for line in _lines(objects)]))
        if len(pages) > limits.pages:
            content.issues.append(
                Issue("attachment_truncated", f"{len(pages)} pages; the first {limits.pages} were read", None)
            )
    return content


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _lines(objects: list[tuple[float, float, str]]) -> list[str]:
    objects.sort()
    rows: list[list[tuple[float, float, str]]] = []
    for item in objects:
        if rows and abs(rows[-1][0][0] - item[0]) <= _SAME_LINE:
            rows[-1].append(item)
        else:
            rows.append([item])
    return [" ".join(text.strip() for _, _, text in sorted(row, key=lambda item: item[1])) for row in rows]
