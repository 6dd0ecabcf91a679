"""From the marked texts of the cases to views."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.roles.assign import views
from nlp.roles.types import ItemSpan, RoleContext
from nlp.roles.view import MentionView
from nlp.types import LotStatus, NoticeType


@dataclass(frozen=True)
class Span:
    start: int
    end: int
    surface: str
    brand_id: str = "brand"
    field: str = "text"


def parse(marked: str) -> tuple[str, tuple[Span, ...], RoleContext]:
    notice_type = status = None
    title = False
    while marked[:1] in "@#^":
        head, _, marked = marked.partition(" ")
        if head[0] == "@":
            notice_type = NoticeType(head[1:])
        elif head[0] == "#":
            status = LotStatus(head[1:])
        else:
            title = True
    spans = []
    text = ""
    last = 0
    for match in re.finditer(r"⟦([^⟧]+)⟧", marked):
        text += marked[last : match.start()]
        spans.append(Span(len(text), len(text) + len(match[1]), match[1]))
        text += match[1]
        last = match.end()
    text += marked[last:]
    context = RoleContext(
        notice_type=notice_type,
        title_span=(0, len(text.partition("\n")[0])) if title else None,
        item_spans=(ItemSpan(0, len(text), status, 0),) if status else (),
    )
    return text, tuple(spans), context


def first_view(marked: str) -> MentionView:
    text, spans, context = parse(marked)
    return next(iter(views(text, spans, context)))
