"""www.ccgp-hebei.gov.cn: result pages since 2020 as the wire gives them.

Suppliers, goods and files stand in one text, ``#con``, and the page's own script puts them into tables when it is opened. What the script does is
done here; a page that was saved after it ran, and every other page of the portal, is read as any page.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from nlp.notice.platforms import generic_html
from nlp.notice.profile import PortalProfile
from nlp.notice.source import RawPage, Source
from nlp.patterns import regex
from nlp.types import Attachment, Issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NAME = "hebei"
_DETAIL, _FILES, _FIELD, _ENTRY, _FILE = "#detail#", "#filename#", "#_@_@", "#_#", "@_@"
_TABLES = {
    "A": ("GoodsSupplierInfo", (3, 5, 15, 7, 8, 9, 10, 23, 24, 11, 13, 14)),
    "B": ("EngineeringSupplierInfo", (3, 5, 16, 17, 19, 18, 10, 23, 24, 11, 13, 14)),
    "C": ("ServiceSupplierInfo", (3, 5, 21, 12, 22, 20, 10, 23, 24, 11, 13, 14)),
}
"""Kind of the line → the table it belongs into, and the fields of its cells in order."""
_FOLDER = regex(r"href='(/[\w/]+/)")
_HOST = "http://www.ccgp-hebei.gov.cn"


def matches(raw: RawPage) -> bool:
    return (
        raw.decoded.kind == "html"
        and "SupplierInfos" in raw.decoded.words
        and _DETAIL in raw.decoded.text
        and _packed(raw) is not None
    )


def read(raw: RawPage) -> Source:
    packed = _packed(raw)
    assert packed is not None
    fields = [part.split(_ENTRY) for part in packed.partition(_FILES)[0].split(_FIELD)]
    text, issues = raw.decoded.text, []
    try:
        text = _fill(text, "SupplierInfos", zip(*(dict.fromkeys(fields[n]) for n in (3, 4, 2)), strict=False))
        for kind, (table, cells) in _TABLES.items():
            lines = [n for n, given in enumerate(fields[0]) if given == kind]
            text = _fill(text, table, ([_cell(fields, field, n) for field in cells] for n in lines))
    except IndexError:
        issues.append(Issue("packed_result_broken", "the lines of the result are cut off", "#con"))
    profile = raw.profile or PortalProfile(id="ccgp-hebei")
    # The page holds both generations of the template; its script empties the one that does not apply.
    profile = replace(profile, drop=(*profile.drop, "#OLD_VERSION", "#AnncVersion", "#con"))
    source = generic_html.read(RawPage(replace(raw.decoded, text=text, utf8=None), raw.url, profile, raw.value))
    source.issues.extend(issues)
    source.attachments = [*source.attachments, *_files(packed.partition(_FILES)[2], raw)]
    return source


def _packed(raw: RawPage) -> str | None:
    """The text that the script would unpack; null when there is none, or another template."""
    holder, version = raw.tree.css_first("#con"), raw.tree.css_first("#AnncVersion")
    if holder is None or version is None or "V2020" not in version.text():
        return None
    _, mark, packed = holder.text().partition(_DETAIL)
    return packed if mark else None


def _cell(fields: Sequence[Sequence[str]], field: int, line: int) -> str:
    """One value; the script shows ``null`` and what is not there as nothing."""
    value = fields[field][line].strip() if field < len(fields) and line < len(fields[field]) else ""
    return "" if value == "null" else value


def _fill(text: str, table: str, rows: Iterable[Sequence[str]]) -> str:
    """The page with these rows at the end of its table."""
    found = re.search(rf"<table\b[^>]*\bid=[\"']?{table}\b[^>]*>", text)
    if found is None:
        return text
    end = text.find("</table", found.end())
    added = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return text if end < 0 else f"{text[:end]}{added}{text[end:]}"


def _files(packed: str, raw: RawPage) -> list[Attachment]:
    folder = _FOLDER.search(raw.decoded.text)
    found = []
    for entry in packed.split(_FILE):
        parts = entry.strip().split(_ENTRY)
        if folder is not None and len(parts) >= 3 and parts[2] and parts[2] != "undefined":
            found.append(Attachment(parts[0], urljoin(raw.url or _HOST, f"{folder.group(1)}{parts[2]}.{parts[1]}")))
    return found
