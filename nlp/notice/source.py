"""What a platform's file makes of one answer, before any field is chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from nlp.document.html import clean_source, flat_document, nodes_document, too_deep
from nlp.document.marks import words_of
from nlp.document.plain import text_document
from nlp.types import Attachment, Document, Issue, Link, RelatedNotice
from nlp.values import value

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from nlp.document.decoding import Decoded
    from nlp.notice.profile import PortalProfile


MAX_LINKS = 5000


@value
class Fact:
    """One statement of the portal outside the body: a JSON field, a cell of the summary table, a meta tag.

    ``kind`` is a kind of :mod:`nlp.notice.labels`, or ``supplier``. ``unit`` is the money unit the portal's format implies.
    ``rank`` orders witnesses: below 0 it beats the body, from 10 on the body beats it.
    """

    kind: str
    value: str
    rank: int = 0
    unit: str | None = None


@dataclass(slots=True)
class Source:
    """``content`` is the text the digest is taken of; null = the document's own text."""

    document: Document
    facts: list[Fact] = field(default_factory=list)
    title: str | None = None
    type_labels: tuple[str, ...] = ()
    source_id: str | None = None
    url: str | None = None
    attachments: list[Attachment] = field(default_factory=list)
    related: list[RelatedNotice] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    region_code: str | None = None
    page_url: str | None = None

    def fact(self, kind: str, value: object, rank: int = 0, unit: str | None = None) -> None:
        """Adds a statement when there is one."""
        if value is None or isinstance(value, dict | list | bool):
            return
        text = str(value).strip()
        if text:
            self.facts.append(Fact(kind, text, rank, unit))


@dataclass
class RawPage:
    """One answer on its way to a :class:`Source`. ``value`` is the parsed JSON of a JSON answer."""

    decoded: Decoded
    url: str | None
    profile: PortalProfile | None
    value: Any = None

    @cached_property
    def cleaned(self) -> tuple[str, tuple[Issue, ...]]:
        return clean_source(self.decoded.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """The :mod:`nlp.document.marks` of the cleaned source."""
        source = self.cleaned[0]
        return self.decoded.words if source is self.decoded.text else words_of(source)

    @cached_property
    def deep(self) -> bool:
        return too_deep(self.cleaned[0])

    @cached_property
    def tree(self) -> LexborHTMLParser:
        source, utf8 = self.cleaned[0], self.decoded.utf8
        if self.deep:
            return LexborHTMLParser("")
        return LexborHTMLParser(utf8 if utf8 is not None and source is self.decoded.text else source)

    @cached_property
    def body_text(self) -> str:
        body = self.tree.body
        return body.text() if body is not None else ""

    def text_of(self, node: LexborNode) -> str:
        """Text of a node as the parser has it; that of the whole body is asked for only once."""
        body = self.tree.body
        return self.body_text if body is not None and node.mem_id == body.mem_id else node.text()

    def links(self) -> tuple[Link, ...]:
        """All links of the page, wherever they stand."""
        found = []
        for anchor in self.tree.css("a[href]")[:MAX_LINKS]:
            href = (anchor.attributes.get("href") or "").strip()
            if href and not href.startswith(("#", "javascript:", "mailto:", "tel:")):
                try:
                    found.append(Link(node_text(anchor) or "", urljoin(self.url or "", href)))
                except ValueError:
                    continue
        return tuple(found)

    def document(self, nodes: list[LexborNode | str], *, skip: frozenset[int] = frozenset()) -> Document:
        """Document of parts of this page."""
        source, issues = self.cleaned
        if self.deep:
            return flat_document(source, issues)
        return nodes_document(nodes, source, self.url, None, issues, skip=skip, words=self.words)


def fragment(content: str, title: str | None, base_url: str | None) -> tuple[Document, LexborHTMLParser | None]:
    """A document of content that came inside something else: HTML or plain text, the title in front."""
    if "<" not in content or ("</" not in content and "<br" not in content and "<p" not in content):
        return text_document(content, title), None
    source, issues = clean_source(content)
    if too_deep(source):
        return flat_document(source, issues), None
    tree = LexborHTMLParser(source)
    nodes: list[LexborNode | str] = []
    body = tree.body or tree.root
    if title and (body is None or not _starts_with(body.text(), title)):
        nodes.append(title)
    if body is not None:
        nodes.append(body)
    return nodes_document(nodes, source, base_url, title, issues), tree


def _starts_with(text: str, title: str) -> bool:
    head = "".join(text[: 4 * len(title) + 200].split())
    return head.startswith("".join(title.split()))


def node_text(node: LexborNode | None) -> str | None:
    """Text of a node on one line; null when there is none."""
    if node is None:
        return None
    return " ".join(node.text().split()) or None


FILE_SUFFIXES = (
    ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".et", ".wps", ".zip", ".rar", ".7z", ".ofd", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".ppt",
    ".pptx", ".txt", ".zjcnzf", ".gef", ".bfzb",
)  # fmt: skip
_FILE_MARKS = (
    "accessCode=",
    "oss/download?uuid=",
    "/UploadFiles/",
    "downEnId",
    "/attachment/",
    "/fileApi/",
    "1024FPA/",
    "downloadztbattach",
)
_NOT_FILES = ("zfwzgl.www.gov.cn", "undefined.undefined")


def file_links(links: tuple[Link, ...]) -> list[Attachment]:
    """Links that lead to files, each address once."""
    found: dict[str, Attachment] = {}
    for link in links:
        url = link.url
        path = url.split("?", 1)[0].split("#", 1)[0].lower()
        name = link.text.strip()
        if any(mark in url for mark in _NOT_FILES):
            continue
        if (
            path.endswith(FILE_SUFFIXES)
            or any(mark in url for mark in _FILE_MARKS)
            or name.lower().endswith(FILE_SUFFIXES)
        ):
            found.setdefault(url, Attachment(name or path.rsplit("/", 1)[-1], url))
    return list(found.values())
