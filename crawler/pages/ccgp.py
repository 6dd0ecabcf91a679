"""Pages of www.ccgp.gov.cn and search.ccgp.gov.cn: list rows, search rows and totals, attachment links."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.pages.common import PageError, closed, decode, moment, row, squeeze
from crawler.types import FileLink, Listed

DOWNLOAD = "https://download.ccgp.gov.cn"
_ID = re.compile(r"/t\d{8}_(\d+)\.s?html?(?:$|[?#])")
_OLD_ID = re.compile(r"[?&]bidDoc=(\d+)")
_ECHO = re.compile(r"var\s+(\w+)\s*=\s*'([^']*)'")
_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|wps|et|zip|rar|7z|jpe?g|png|tiff?|ofd|txt|pptx?|csv)(?:$|[?#])", re.IGNORECASE
)
_NOT_FILES = ("zfwzgl.www.gov.cn",)
_HOST_OF_PATH = {"/UploadFiles/": f"{DOWNLOAD}/oss", "/attachment/": "http://www.ccgp-guizhou.gov.cn"}


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of bxsearch: what the portal says it found in all, the days it searched, and this page's rows."""

    total: int
    since: dt.date | None
    until: dt.date | None
    rows: tuple[Listed, ...]
    echo: dict[str, str]


def notice_id(url: str) -> str | None:
    """The portal's own id of a notice: the digits after ``t<date>_``; of the library before 2013 the ``bidDoc`` number."""
    found = _ID.search(url) or _OLD_ID.search(url)
    return found.group(1) if found else None


def list_rows(body: bytes, url: str, content_type: str | None = None) -> tuple[Listed, ...]:
    """Rows of a static list. Raises PageError ``not_a_list`` when the page has none of the list's markup."""
    text = decode(body, content_type)
    tree = LexborHTMLParser(text)
    holder = tree.css_first("ul.c_list_bid") or tree.css_first("ul.ulst")
    if holder is None:
        raise PageError("not_a_list", url)
    rows, last = [], ""
    for item in holder.css("li"):
        link = _link(item)
        if link is None:
            continue
        last = link.attributes.get("href") or ""
        href = urldefrag(urljoin(url, link.attributes.get("href") or ""))[0]
        number = notice_id(href)
        if number is None:
            raise PageError("row_without_id", href)
        values = [squeeze(node.text()) for node in item.css("em") if "rel" not in node.attributes]
        when = moment(values[0] if values else item.text())
        rows.append(
            row(
                source_id=number,
                url=href,
                title=squeeze(link.attributes.get("title") or link.text()),
                published=when,
                extra={
                    "region": values[1] if len(values) > 1 else None,
                    "buyer": values[2] if len(values) > 2 else None,
                },
            )
        )
    if not rows and squeeze(holder.text()):
        raise PageError("not_a_list", url)
    if not closed(text, "ul", last):
        raise PageError("truncated", url)
    return tuple(rows)


def search_page(body: bytes, url: str, content_type: str | None = None) -> SearchPage:
    """A page of search results. Raises PageError: ``landing_page`` when the answer is no result page, ``no_total``."""
    text = decode(body, content_type)
    tree = LexborHTMLParser(text)
    title = tree.css_first("title")
    # The library before 2013 has a title of its own; without "2013年之前" that title is the front page.
    shown = squeeze(title.text()) if title else ""
    if "采购公告搜索" not in shown and "2013年之前" not in shown:
        raise PageError("landing_page", shown or url)
    summary = next((p for p in tree.css("p") if "共找到" in p.text() and "条内容" in p.text()), None)
    if summary is None:
        raise PageError("no_total", url)
    spans = [squeeze(span.text()) for span in summary.css("span")]
    if len(spans) < 4 or not spans[1].isdecimal():
        raise PageError("no_total", " | ".join(spans))
    since, until = moment(spans[2]), moment(spans[3])
    total = int(spans[1])
    if total and tree.css_first("ul.vT-srch-result-list-bid") is None:
        raise PageError("not_a_list", url)
    rows = tuple(_search_row(item, url) for item in tree.css("ul.vT-srch-result-list-bid > li") if _link(item))
    return SearchPage(
        total=total,
        since=since.date() if since else None,
        until=until.date() if until else None,
        rows=rows,
        echo=dict(_ECHO.findall(text[:20000])),
    )


def _link(item: LexborNode) -> LexborNode | None:
    """The link of a row; None for an empty item. Raises PageError ``row_without_address`` for a row that has none."""
    link = item.css_first("a[href]")
    if link is None and squeeze(item.text()):
        raise PageError("row_without_address", squeeze(item.text())[:80])
    return link


def _search_row(item: LexborNode, url: str) -> Listed:
    link = item.css_first("a[href]")
    assert link is not None
    href = urldefrag(urljoin(url, link.attributes.get("href") or ""))[0]
    number = notice_id(href)
    if number is None:
        raise PageError("row_without_id", href)
    meta = item.css_first("span")
    # The type stands behind a <br>, with no border before it: 代理机构：X<br><strong>中标公告</strong> | …
    kind = meta.css_first("strong") if meta else None
    label = squeeze(kind.text()) if kind else ""
    parts = [part.strip().removesuffix(label).strip() for part in squeeze(meta.text() if meta else "").split("|")]
    named = dict(part.split("：", 1) for part in parts if "：" in part)
    return row(
        source_id=number,
        url=href,
        title=squeeze(link.text()),
        published=moment(parts[0]),
        extra={"buyer": named.get("采购人") or None, "agency": named.get("代理机构") or None},
    )


def files(body: bytes, url: str, content_type: str | None = None) -> tuple[FileLink, ...]:
    """Attachments of a detail page, in order, each address once. Four forms of link exist side by side:

    ``a.bizDownload`` with the file's uuid as id · ``ul.fjxx`` with absolute links · links with an ``accessCode`` ·
    relative links (``/UploadFiles/…``, ``/attachment/…``) that belong to another host. Links in the body that end in a
    document's suffix are taken too.
    """
    tree = LexborHTMLParser(decode(body, content_type))
    found: dict[str, FileLink] = {}
    main = tree.css_first("div.vF_detail_main") or tree.css_first("div.vT_detail_main") or tree.body
    if main is None:
        return ()
    for link in main.css("a"):
        address = _file_address(link, url)
        if address is None:
            continue
        name = squeeze(link.text()) or squeeze(link.attributes.get("title") or "") or address.rsplit("/", 1)[-1]
        found.setdefault(address, FileLink(name=name, url=address))
    return tuple(found.values())


def _file_address(link: LexborNode, url: str) -> str | None:
    attributes = link.attributes
    href = (attributes.get("href") or "").strip()
    if "bizDownload" in (attributes.get("class") or "").split() and attributes.get("id"):
        return f"{DOWNLOAD}/oss/download?uuid={attributes['id']}"
    if not href or href.startswith(("#", "javascript:", "mailto:")) or any(host in href for host in _NOT_FILES):
        return None
    inside = next((f"{base}{href}" for prefix, base in _HOST_OF_PATH.items() if href.startswith(prefix)), None)
    if inside is not None:
        return inside
    if "accessCode=" in href or "ignore" in attributes or _FILE.search(href) or _in_file_list(link):
        address = urldefrag(urljoin(url, href))[0]
        return address if address.startswith(("http://", "https://")) else None
    return None


def _in_file_list(link: LexborNode) -> bool:
    node = link.parent
    while node is not None:
        if node.tag == "ul" and "fjxx" in (node.attributes.get("class") or ""):
            return True
        node = node.parent
    return False
