"""# Value after a correction

**Definition.** The brand stands in the part of a correction that holds from now on: a column, label or clause for the value after (更正后, 变更为, 应为).
**Role.** `awarded` where the words speak of an award, `contracted` where they speak of a contract, `reference` for a reference brand, else `required`.
**Example.** `更正前：惠普打印机；更正后：佳能打印机` in a tender: Canon is required.
**Exclusions.** Replaced by a domestic product (更换为国产): see `domestic_replacement`.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "1"

_AFTER: Final = regex(r"(?:更正|变更|修改|澄清|调整|更改)(?:之)?后")
_CHANGED: Final = regex(r"(?:更正|变更|修改|调整|更改)为|现为|应为[“\"]?$")
_TOPIC: Final = regex(r"更正|变更|修改|澄清|调整|更改|勘误|有误|笔误|错误")
_AWARD: Final = regex(r"中标|成交|中选|主要标的")
_CONTRACT: Final = regex(r"合同|订单|验收|原定")
_REFERENCE: Final = regex(r"参考|推荐|相当于|不低于|同等")
_REACH: Final = 40


def decide(view: MentionView) -> Outcome:
    """Look at the column, the label, then the words before the mention."""
    left = view.sentence_left
    by_place = bool((view.header and _AFTER.search(view.header)) or (view.label and _AFTER.search(view.label)))
    by_place = by_place or (view.in_row and _AFTER.match(view.row) is not None)
    if not by_place:
        near = _CHANGED.search(left[-_REACH:])
        if near is None or not _TOPIC.search(left):
            return NotApplicable("no value after a correction here")
        if _CHANGED.search(view.sentence_right[:_REACH]):
            return NO_MATCH
    words = view.title + view.heading + view.row + _above(view) + view.text[view.sentence[0] : view.sentence[1]]
    role = MentionRole.REQUIRED
    if _REFERENCE.search(words):
        role = MentionRole.REFERENCE
    elif _AWARD.search(words):
        role = MentionRole.AWARDED
    elif _CONTRACT.search(words):
        role = MentionRole.CONTRACTED
    return Match(role, view.start, view.end)


def _above(view: MentionView) -> str:
    """The three lines above: a correction names its subject once and then lists values."""
    lines = view.layout.lines
    return view.text[lines[max(0, view.line_index - 3)].start : lines[view.line_index].start]
