"""Brand mentions of a plain text: the finder and the role reader in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.brands import find_mentions
from nlp.roles import RoleContext, assign_roles
from nlp.types import Mention, NoticeType

if TYPE_CHECKING:
    from nlp.knowledge import Knowledge


def tag_text(text: str, knowledge: Knowledge, *, notice_type: NoticeType | None = None) -> tuple[Mention, ...]:
    """Mentions in order of their start. ``text`` follows the text convention of :class:`nlp.types.Document`."""
    found = find_mentions(text, knowledge.brands)
    roles = assign_roles(text, found, RoleContext(notice_type=notice_type), knowledge.roles)
    return tuple(
        Mention(
            brand=span.brand,
            brand_id=span.brand_id,
            surface=span.surface,
            start=span.start,
            end=span.end,
            field=span.field,
            role=decision.role,
            score=decision.score,
            rule=decision.rule,
            best_role=decision.best_role,
            product_line=span.product_line,
            product_class=span.product_class,
            origin=span.origin,
        )
        for span, decision in zip(found, roles, strict=True)
    )
