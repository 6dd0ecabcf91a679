"""www.ggzy.gov.cn 全国公共资源交易平台: A pages (tabs of pointers) and B pages (the body)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from nlp.notice.dates import parse_date
from nlp.notice.source import RawPage, Source, file_links, node_text
from nlp.patterns import regex
from nlp.types import RelatedNotice

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

NAME = "ggzy"
_MARK = regex(r"class=[\"']h4_o\b|id=[\"']mycontent\b")
_ADDRESS = regex(
    r"/information/deal/html/[ab]/(?P<region>\d{6})/(?P<stage>\d{4})/(?P<day>\d{8})/(?P<id>[0-9a-z]+)\.html"
)
_SHOW = regex(r"showDetail\(this,\s*'(?P<stage>\d{4})',\s*'(?P<path>[^']+)'")
STAGES = {
    "0101": "招标公告", "0102": "开标记录", "0104": "交易结果公示", "0105": "澄清公告", "0201": "采购公告", "0202": "中标公告", "0203": "采购合同",
    "0204": "更正事项",
}  # fmt: skip


def matches(raw: RawPage) -> bool:
    words = raw.decoded.words
    return (
        raw.decoded.kind == "html"
        and ("h4_o" in words or "mycontent" in words)
        and _MARK.search(raw.decoded.text) is not None
    )


def read(raw: RawPage) -> Source:
    tree = raw.tree
    title = node_text(tree.css_first("h4.h4_o"))
    content = tree.css_first("#mycontent")
    nodes: list[LexborNode | str] = [title] if title else []
    if content is not None:
        nodes.append(content)
    source = Source(raw.document(nodes), title=title)
    for span in tree.css("p.p_o span"):
        text = node_text(span) or ""
        label, colon, value = text.replace("：", ":", 1).partition(":")
        if not colon:
            continue
        if "发布时间" in label:
            source.fact("published", value, -1)
        elif "签署时间" in label:
            source.fact("signed", value, 2)
            source.fact("published", value, 8)
        elif "编号" in label:
            source.fact("project_no", value, 2)
    identify(source, raw.url)
    for anchor in tree.css("a[onclick]"):
        _relate(anchor, source, raw.url)
    source.attachments = file_links(source.document.links)
    return source


def identify(source: Source, url: str | None) -> None:
    """What the address says: id, province, day and stage."""
    found = _ADDRESS.search(url or "")
    if found is None:
        return
    source.source_id = found.group("id")
    source.region_code = found.group("region")
    source.fact("published", found.group("day"), 6)
    label = STAGES.get(found.group("stage"))
    if label is not None:
        source.type_labels = (*source.type_labels, label)


def _relate(anchor: LexborNode, source: Source, base: str | None) -> None:
    shown = _SHOW.search(anchor.attributes.get("onclick") or "")
    if shown is None:
        return
    path = shown.group("path")
    found = _ADDRESS.search(path)
    identifier = found.group("id") if found is not None else None
    if identifier is not None and identifier == source.source_id:
        return
    following = anchor.next
    while following is not None and following.tag != "span":
        following = following.next
    day = parse_date(node_text(following) or "")
    url = urljoin(base or "https://www.ggzy.gov.cn", path)
    source.related.append(
        RelatedNotice(identifier, url, STAGES.get(shown.group("stage")), day.on if day is not None else None)
    )
