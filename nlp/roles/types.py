"""What goes into and comes out of role assignment."""

from __future__ import annotations

from typing import Protocol

from nlp.types import LotStatus, MentionRole, NoticeType, Stage
from nlp.values import value


class FoundMention(Protocol):
    """What the brand finder gives: a span and where it stands. ``surface`` is the text of the span as given."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def surface(self) -> str: ...
    @property
    def brand_id(self) -> str: ...
    @property
    def field(self) -> str: ...


@value
class LotSpan:
    """A stretch of text that belongs to one lot; ``status`` null = the page does not say."""

    start: int
    end: int
    status: LotStatus | None


@value
class ItemSpan:
    """One line of goods: ``index`` into ``NoticeReading.items``."""

    start: int
    end: int
    status: LotStatus | None
    index: int


@value
class SectionSpan:
    """A heading and the text under it, up to the next heading."""

    start: int
    end: int
    heading: str


@value
class RoleContext:
    """What the other readers know about the text. Everything is optional; what is missing is derived from the text or left unknown.

    Spans are code points of the text, ``end`` exclusive, in ascending order.
    """

    notice_type: NoticeType | None = None
    stage: Stage | None = None
    title_span: tuple[int, int] | None = None
    lots: tuple[LotSpan, ...] = ()
    item_spans: tuple[ItemSpan, ...] = ()
    supplier_spans: tuple[tuple[int, int], ...] = ()
    sections: tuple[SectionSpan, ...] = ()


@value
class RoleDecision:
    """``role`` is ``unresolved`` when no rule is certain and the calibrated score of the best guess is below its threshold.

    ``score`` belongs to ``best_role``. ``rule`` is the id and version of the rule (``excluded_statement@1``) or of the model (``model@<version>``).
    """

    role: MentionRole
    score: float
    rule: str
    best_role: MentionRole
