"""Type of a notice whose portal, title and headings do not say it by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.classify.features import type_features
from nlp.types import NoticeType

if TYPE_CHECKING:
    from nlp.classify.model import LinearModel


def classify_type(title: str | None, text: str, model: LinearModel) -> NoticeType | None:
    """The type title and text speak for; null where the score is below the type's threshold."""
    answer = model.answer(type_features(title, text))
    return NoticeType(answer.label) if answer is not None and answer.decided else None
