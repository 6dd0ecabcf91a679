"""Where a mention stands: cells known to the caller, or columns inferred from a header row in the text itself."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.patterns import regex
from nlp.types import CELL_BORDER
from nlp.values import value

_BRAND = regex(r"品\s*牌|厂\s*牌|商标|制造商|制造厂|生产厂|厂家|厂商|生产企业|生产商")
_MODEL = regex(r"型\s*号|规\s*格")
_NAME = regex(r"名\s*称|标的|品\s*目|货物|产品|商品|设备")
_SUPPLIER = regex(r"供应商|供货商|中标人|中标单位|成交人|成交单位|投标人|承包商|乙方|卖方")
_HEADERISH = regex(r"品\s*牌|型\s*号|规\s*格|名\s*称|数\s*量|单\s*价|序\s*号|厂家|厂商|制造商|供应商")
_KEYED = regex("|".join(pattern.pattern for pattern in (_BRAND, _MODEL, _SUPPLIER)))
"""What a cell says that names the cell to its right."""
_NUMBER = regex(r"\d")

FIELDS = frozenset({"title", "text", "table_brand", "table_model", "table_name", "table", "supplier", "attachment"})


@value
class Zone:
    """A span known to be of one ``field``: title, table_brand, table_model, table_name, table, supplier, text, attachment."""

    start: int
    end: int
    field: str


def header_field(header: str) -> str:
    """The field a column with this header holds."""
    name = header.strip()
    if len(name) > 24:
        return "table"
    if _BRAND.search(name):
        return "table_brand"
    if _MODEL.search(name):
        return "table_model"
    if _SUPPLIER.search(name):
        return "supplier"
    if _NAME.search(name):
        return "table_name"
    return "table"


def _cells(line: str, offset: int) -> list[tuple[int, int]]:
    spans = []
    at = 0
    while True:
        border = line.find("¦", at)
        end = len(line) if border < 0 else border
        spans.append((offset + at, offset + end))
        if border < 0:
            return spans
        at = border + 1


def _is_header(cells: Sequence[str]) -> bool:
    words = sum(1 for c in cells if len(c) <= 16 and _HEADERISH.search(c))
    return words >= 2 and not any(_NUMBER.search(c) for c in cells if _HEADERISH.search(c) is None)


def infer_zones(text: str) -> tuple[Zone, ...]:
    """Cells of tables in ``text``: the field comes from the header row above, or from a 品牌 cell directly to the left."""
    border = CELL_BORDER.strip()
    if border not in text:
        return ()
    zones: list[Zone] = []
    columns: list[str] = []
    offset = 0
    for line in text.split("\n"):
        if border in line:
            spans = _cells(line, offset)
            cells = [text[a:b].strip() for a, b in spans]
            if _is_header(cells):
                columns = [header_field(c) for c in cells]
            elif columns and len(columns) == len(cells):
                zones.extend(Zone(a, b, f) for (a, b), f in zip(spans, columns, strict=True))
            else:
                left = ""
                for (a, b), cell in zip(spans, cells, strict=True):
                    keyed = 0 < len(left) <= 8 and _KEYED.search(left) is not None
                    zones.append(Zone(a, b, header_field(left) if keyed else "table"))
                    left = cell
        elif line.strip():
            columns = []
        offset += len(line) + 1
    return tuple(zones)
