"""Lists that are pages: Hebei, Tianjin, Beijing, the trading platform of XPCC, the ministry's contracts. Each parser returns
rows or raises PageError: a page without the list's markup, or one that stops inside it, is no empty list.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from urllib.parse import parse_qs, parse_qsl, urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.pages.common import PageError, closed, decode, moment, row, squeeze
from crawler.types import FileLink, Listed, ListPage

TRS_ID = re.compile(r"/t\d{8}_(\d+)\.s?html?(?:$|[?#])")
"""Number of a notice in the addresses of the TRS system."""
_CONTRACT = re.compile(r"/contractpublish/detail/(\w+)")
_HEBEI_ROW = re.compile(
    r"<a\b[^>]*?\shref=[\"']?(?P<href>[^\"'\s>]*?/t\d{8}_\d+\.html?)[\"']?[^>]*>(?P<title>.*?)</a>",
    re.IGNORECASE | re.DOTALL,
)
_HEBEI_TOTAL = re.compile(r"(?:搜索结果\D{0,40}|共\s*)(\d+)\s*条")
_HEBEI_FOLDER = re.compile(r"href='(/[\w/]+/)")
_PUBLISHED = re.compile(r"发布时间[：:]\s*(20\d\d\D{1,3}\d{1,2}\D{1,3}\d{1,2})")
_TAGS = re.compile(r"<[^<>]*>|&nbsp;")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_JAVA_DATE = re.compile(rf"\b({'|'.join(_MONTHS)})\s+(\d{{1,2}})\s+(\d\d:\d\d:\d\d)\s+\w+\s+(20\d\d)")


def hebei(body: bytes, base: str, content_type: str | None = None) -> ListPage:
    """``was5/web/search``: a fragment. A row is a link to a notice and what stands before the next one."""
    text = decode(body, content_type)
    total = _HEBEI_TOTAL.search(_TAGS.sub(" ", text))
    if total is None:
        raise PageError("no_total", base)
    found = list(_HEBEI_ROW.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)][: len(found)]
    rows = []
    for match, end in zip(found, ends, strict=True):
        around = _TAGS.sub(" ", text[match.end() : end])
        said = _PUBLISHED.search(around)
        address = urljoin(f"{base}/", match["href"])
        rows.append(
            row(
                _id(TRS_ID, address), address, squeeze(_TAGS.sub("", match["title"])), moment(said[1]) if said else None
            )
        )
    return ListPage(int(total[1]), tuple(rows))


def hebei_files(body: bytes, url: str, content_type: str | None = None) -> Sequence[FileLink]:
    """Files that the page's script would link: name, suffix and path packed behind ``#filename#``, the folder in the script."""
    text = decode(body, content_type)
    holder, folder = LexborHTMLParser(text).css_first("#con"), _HEBEI_FOLDER.search(text)
    packed = holder.text().partition("#filename#")[2] if holder is not None else ""
    found = []
    for entry in packed.split("@_@"):
        parts = entry.strip().split("#_#")
        if folder is not None and len(parts) >= 3 and parts[2] and parts[2] != "undefined":
            found.append(FileLink(parts[0], urljoin(url, f"{folder[1]}{parts[2]}.{parts[1]}")))
    return found


def tianjin(body: bytes, url: str, content_type: str | None = None) -> Sequence[Listed]:
    """``topicView.do``: ``ul.dataList``, a date in the words of Java or of people."""

    def number(address: str) -> str:
        return (parse_qs(urlsplit(address).query).get("id") or [""])[0]

    return _items(body, url, content_type, "ul.dataList", "li", number, lambda item: _text(item.css_first("span")))


def beijing(body: bytes, url: str, content_type: str | None = None) -> Sequence[Listed]:
    """``A002004001index_N.htm``: any list item with a link and a ``span.datetime``. A notice's only name is its address."""
    return _items(
        body,
        url,
        content_type,
        "ul:has(span.datetime)",
        "li:has(span.datetime)",
        lambda address: urlsplit(address).path,
        lambda item: _text(item.css_first("span.datetime")),
    )


def tpfront(body: bytes, url: str, content_type: str | None = None) -> Sequence[Listed]:
    """The older Epoint lists: rows of a table, ``[2021-07-30]`` in the third cell."""

    def number(address: str) -> str:
        asked = {key.lower(): value for key, value in parse_qsl(urlsplit(address).query)}
        return asked.get("infoid", "")

    return _items(
        body, url, content_type, "table:has(a[href*=infodetail])", "tr:has(a[href*=infodetail])", number, _last_cell
    )


def contracts(body: bytes, url: str, content_type: str | None = None) -> Sequence[Listed]:
    """``contractpublish/index_N``: ``ul.ulst``, the day after 发布时间."""

    def day(item: LexborNode) -> str:
        said = _PUBLISHED.search(squeeze(item.text()))
        return said[1] if said else ""

    return _items(body, url, content_type, "ul.ulst", "li", lambda address: _id(_CONTRACT, address), day)


def _items(
    body: bytes,
    url: str,
    content_type: str | None,
    holder: str,
    item: str,
    number: Callable[[str], str],
    day: Callable[[LexborNode], str],
) -> Sequence[Listed]:
    """Rows of the list ``holder``: of each ``item`` its link, the ``number`` its address gives, the ``day`` it says."""
    text = decode(body, content_type)
    node = LexborHTMLParser(text).css_first(holder)
    if node is None:
        raise PageError("not_a_list", url)
    rows, last = [], ""
    for entry in node.css(item):
        link = entry.css_first("a[href]")
        if link is None and not squeeze(entry.text()):
            continue
        if link is None:
            raise PageError("row_without_address", squeeze(entry.text())[:80])
        last = link.attributes.get("href") or ""
        address = urldefrag(urljoin(url, last))[0]
        title = squeeze(link.attributes.get("title") or link.text())
        rows.append(row(number(address), address, title, _moment(day(entry))))
    if not rows and squeeze(node.text()):
        raise PageError("not_a_list", url)
    if not closed(text, node.tag or "", last):
        raise PageError("truncated", url)
    return tuple(rows)


def _moment(text: str) -> dt.datetime | None:
    java = _JAVA_DATE.search(text)
    return moment(f"{java[4]}-{_MONTHS.index(java[1]) + 1}-{java[2]} {java[3]}" if java else text)


def _text(node: LexborNode | None) -> str:
    return squeeze(node.text()) if node is not None else ""


def _last_cell(item: LexborNode) -> str:
    cells = item.css("td")
    return _text(cells[-1]) if cells else ""


def _id(pattern: re.Pattern[str], address: str) -> str:
    found = pattern.search(address)
    return found[1] if found else ""
