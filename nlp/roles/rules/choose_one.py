"""# One of several

**Definition.** The sentence lets the bidder choose one of the brands listed: 任选其一, 三选一, 以下品牌任选.
**Role.** `alternative`.
**Example.** `硬盘：希捷、西部数据、东芝任选其一`.
**Exclusions.** A single brand with no list.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "2"

_CHOOSE: Final = regex(
    r"任选|[一二两三四五六多]选[一其]|择一|选其一|择其一|任一(?:品牌|款|种|个)?|其中(?:之)?一[种个款]?|中的一[种个款]|任意一[种个款]|选择(?:其中)?一[种个款]|(?:[两二三四五]|\d)个?(?:品牌|款|种|家)(?:之?中|里)(?:任?选择?|挑选|选取|确定)|任择|其中一[种个家款]"
)
_PLATFORM: Final = regex(r"(?:数据库|操作系统|浏览器|中间件)(?:可|应|须|支持|选)")


def decide(view: MentionView) -> Outcome:
    """Ask for the word of choice in the sentence, then for a list."""
    found = _CHOOSE.search(view.text, *view.sentence)
    if found is not None and _PLATFORM.search(view.sentence_left):
        return NO_MATCH
    if found is None:
        return NotApplicable("no word of choice in the sentence")
    unnamed = view.text[max(view.group.end, view.end) : view.list_end]
    if (
        view.group.size < 2
        and not any(mark in unnamed for mark in "、/或，")
        and not view.left.rstrip().endswith(("、", "或", "/"))
    ):
        return NO_MATCH
    return Match(MentionRole.ALTERNATIVE, min(found.start(), view.start), max(found.end(), view.end))
