"""One mention with its surroundings: what rules and features look at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from nlp.patterns import regex
from nlp.roles.cues import GROUPS, groups_of
from nlp.roles.layout import Layout, clause_around, sentence_around
from nlp.roles.lazy import lazy
from nlp.roles.types import FoundMention, ItemSpan
from nlp.types import LotStatus, NoticeType

_JOIN_GAP: Final = 24
_JOINER: Final = regex(r"[、/／|｜,，和与及或]|以及")
_HAN: Final = regex(r"[一-龥]{2}")
_NO_JOIN: Final = regex(r"[。；;！!？?：:¦\n]")
_LIST_TAIL: Final = regex(
    r"(?:\s?[A-Za-z0-9][-A-Za-z0-9/+. ]{0,24}|[（(][^（）()\n]{1,20}[)）])?(?:[、/／和或及][^，。；、/／：:¦\n（）()和或及]{1,8}?(?=[、/／和或及等，。；\n]|$))*等?"
)
_LABEL: Final = regex(
    r"(?:^|[；;。，,、\s（(【]|(?<=¦))([^：:；;。，,\s¦（）()【】]{2,16})[：:]\s*[^：:；;。¦\n]{0,120}$"
)
_LINE_REACH: Final = 600
_STAGE_REACH: Final = 300
_STAGES: Final = frozenset(
    {
        "award",
        "winner",
        "contract",
        "acceptance",
        "candidate",
        "failed",
        "installed",
        "maintain",
        "reference",
        "want",
        "exclude",
        "compare",
        "complaint",
    }
)


class MentionGroup:
    """Mentions that stand in one list: "A、B或C". ``joiners`` are the separators seen."""

    __slots__ = ("end", "joiners", "size", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end
        self.size = 1
        self.joiners = ""


def group_mentions(layout: Layout, found: Sequence[FoundMention]) -> list[MentionGroup]:
    """For each mention (in order) the list it stands in. Mentions join over a separator when no cue and no sentence end lies between."""
    order = sorted(range(len(found)), key=lambda index: (found[index].start, found[index].end))
    out: list[MentionGroup | None] = [None] * len(found)
    current: MentionGroup | None = None
    for index in order:
        mention = found[index]
        if current is not None and _joins(layout, current.end, mention.start):
            gap = layout.text[current.end : mention.start]
            separator = _JOINER.search(gap)
            current.joiners += separator.group() if separator else ""
            current.size += 1
            current.end = max(current.end, mention.end)
        else:
            current = MentionGroup(mention.start, mention.end)
        out[index] = current
    return [group for group in out if group is not None]


def _joins(layout: Layout, end: int, start: int) -> bool:
    if start <= end:
        return True
    if start - end > _JOIN_GAP:
        return False
    gap = layout.text[end:start]
    separator = _JOINER.search(gap)
    if separator is not None and separator.group() in "，," and _HAN.search(gap):
        return False
    if _NO_JOIN.search(gap) or not _JOINER.search(gap):
        return False
    return not any(
        GROUPS[layout.cues.groups[index]] not in {"import", "phone", "consumable", "supplier"}
        for index in layout.cues.within(end, start)
    )


class MentionView:
    """Lazy, because most rules need two or three of these strings."""

    def __init__(self, layout: Layout, mention: FoundMention, group: MentionGroup) -> None:
        self.layout = layout
        self.mention = mention
        self.group = group
        self.text = layout.text
        self.start = mention.start
        self.end = mention.end

    @lazy
    def line_index(self) -> int:
        return self.layout.line_at(self.start)

    @lazy
    def bounds(self) -> tuple[int, int]:
        """The cell in a row, the line elsewhere."""
        line = self.layout.lines[self.line_index]
        if not line.row:
            return max(line.start, self.start - _LINE_REACH), min(line.end, max(line.start, self.end + _LINE_REACH))
        for start, end in self.layout.cells(line):
            if start <= self.start < end:
                return start, end
        return line.start, line.end

    @lazy
    def sentence(self) -> tuple[int, int]:
        low, high = self.bounds
        return sentence_around(self.text, self.start, max(self.end, self.start), low, max(high, self.end))

    @lazy
    def clause(self) -> tuple[int, int]:
        """The clause of the whole list the mention stands in."""
        low, high = self.sentence
        start = max(low, min(self.group.start, self.start))
        end = min(high, max(self.group.end, self.end))
        return clause_around(self.text, start, end, low, high)

    @lazy
    def list_end(self) -> int:
        """End of the list, names nobody found and 等 included."""
        high = self.sentence[1]
        end = min(high, max(self.group.end, self.end))
        match = _LIST_TAIL.match(self.text, end, high)
        return match.end() if match else end

    @lazy
    def left(self) -> str:
        """Clause text left of the list."""
        return self.text[self.clause[0] : max(self.clause[0], min(self.group.start, self.start))]

    @lazy
    def right(self) -> str:
        """Clause text right of the mention's list (models and unlisted names still in)."""
        return self.text[min(self.clause[1], max(self.group.end, self.end)) : self.clause[1]]

    @lazy
    def after(self) -> str:
        """Up to 24 characters right of this very mention, within its cell or line."""
        return self.text[self.end : min(self.bounds[1], self.end + 24)]

    @lazy
    def before(self) -> str:
        """Up to 24 characters left of this very mention, within its cell or line."""
        return self.text[max(self.bounds[0], self.start - 24) : self.start]

    @lazy
    def sentence_left(self) -> str:
        return self.text[self.sentence[0] : min(self.group.start, self.start)]

    @lazy
    def sentence_right(self) -> str:
        return self.text[max(self.group.end, self.end) : self.sentence[1]]

    @lazy
    def label(self) -> str:
        """The nearest "label：" left of the mention in the same sentence, else empty."""
        match = _LABEL.search(self.text[self.sentence[0] : min(self.group.start, self.start)])
        return match.group(1) if match else ""

    @lazy
    def in_row(self) -> bool:
        return self.layout.lines[self.line_index].row

    @lazy
    def header(self) -> str:
        """Title of the mention's column; without titles the first cell of a row of two or three. Empty when there is none."""
        line = self.layout.lines[self.line_index]
        if not line.row:
            return ""
        cells = self.layout.cells(line)
        column = next((index for index, (start, end) in enumerate(cells) if start <= self.start < end), None)
        if column is None:
            return ""
        if line.header < 0:
            if column == 0 or len(cells) > 3:
                return ""
            start, end = cells[0]
            return self.text[start:end]
        head = self.layout.cells(self.layout.lines[line.header])
        if column >= len(head):
            return ""
        start, end = head[column]
        return self.text[start:end]

    @lazy
    def header_row(self) -> str:
        """The row of column titles above the mention, empty when there is none."""
        line = self.layout.lines[self.line_index]
        if line.header < 0:
            return ""
        head = self.layout.lines[line.header]
        return self.text[head.start : head.end]

    @lazy
    def stage(self) -> str:
        """Group of the nearest cue before the mention that says at which stage we are, over sentences and lines; empty when there is none."""
        cues = self.layout.cues
        for index in reversed(cues.within(max(0, self.start - _STAGE_REACH), min(self.group.start, self.start))):
            group = GROUPS[cues.groups[index]]
            if group in _STAGES:
                return group
        return ""

    @lazy
    def row(self) -> str:
        line = self.layout.lines[self.line_index]
        return self.text[line.start : line.end] if line.row else ""

    @lazy
    def heading(self) -> str:
        """The heading above; as given by the reader, else as the lines show it. Empty for a mention in the heading itself."""
        for span in reversed(self.layout.context.sections):
            if span.start <= self.start < span.end:
                return span.heading
        line = self.layout.lines[self.line_index]
        return "" if line.heading == self.line_index else self.layout.heading(line)

    @lazy
    def in_title(self) -> bool:
        start, end = self.layout.title
        return start <= self.start < end

    @lazy
    def title(self) -> str:
        start, end = self.layout.title
        return self.text[start:end]

    @lazy
    def title_groups(self) -> frozenset[str]:
        return self.layout.cues.groups_within(*self.layout.title)

    @lazy
    def heading_groups(self) -> frozenset[str]:
        return groups_of(self.heading) if self.heading else frozenset()

    @lazy
    def header_groups(self) -> frozenset[str]:
        return groups_of(self.header) if self.header else frozenset()

    @lazy
    def label_groups(self) -> frozenset[str]:
        return groups_of(self.label) if self.label else frozenset()

    @property
    def notice_type(self) -> NoticeType | None:
        return self.layout.notice_type

    @lazy
    def item(self) -> ItemSpan | None:
        """The line of goods the mention stands in, by the item reader."""
        spans = self.layout.context.item_spans
        index = bisect_right(spans, self.start, key=lambda span: span.start) - 1
        if index >= 0 and self.start < spans[index].end:
            return spans[index]
        return None

    @lazy
    def lot_status(self) -> LotStatus | None:
        """Status of the line's or lot's award, as read from the page."""
        if self.item is not None and self.item.status is not None:
            return self.item.status
        for span in self.layout.context.lots:
            if span.start <= self.start < span.end and span.status is not None:
                return span.status
        return None

    @lazy
    def in_supplier(self) -> bool:
        return any(start <= self.start < end for start, end in self.layout.context.supplier_spans)
