"""# Replaced by a domestic product

**Definition.** The sentence speaks of domestic substitution (国产化替代, 信创替换, 去IOE) and the brand is what goes.
**Role.** `excluded`.
**Example.** `国产化替代项目：替换原有思科交换机`.
**Exclusions.** Substitute consumables (国产替代硒鼓 适用惠普): see `consumable_for`.
**Assumptions.** The product that goes stands right of 替代/替换 or left of 替换为国产.
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "1"

_TOPIC: Final = regex(r"国产|信创|去IOE|去O|自主可控")
_CONSUMABLE: Final = regex(r"硒鼓|墨盒|墨粉|碳粉|色带|耗材|试剂|滤芯|电池|天线|耳机|配件")
_LEFT: Final = regex(
    r"(?:替代|替换|取代|淘汰|更换|代替|下线|拆除|退出|去除|逐步替代)(?:掉|原有|现有|在用|原先|原|国外|进口|的|老旧|存量|现网|既有|项目|：|:|（|\()*[^，。；为成]{0,6}$"
)
_RIGHT: Final = regex(
    r"^[^，。；]{0,24}?(?:国产(?:化)?(?:替代|替换|改造)|信创(?:替代|替换|改造)|(?:替换|更换|迁移|切换|替代)(?:为|成|至|到)?(?:[^，。；]{0,6})?(?:国产|信创|自主)|退网|退役|下线)"
)


def decide(view: MentionView) -> Outcome:
    """Ask for the topic in the sentence or title, then for the direction."""
    sentence = view.text[view.sentence[0] : view.sentence[1]]
    if not _TOPIC.search(sentence) and not _TOPIC.search(view.title):
        return NotApplicable("no word of domestic substitution")
    if _CONSUMABLE.search(sentence):
        return NO_MATCH
    if (left := _LEFT.search(view.left)) is not None:
        return Match(MentionRole.EXCLUDED, view.clause[0] + left.start(), view.end)
    if (right := _RIGHT.search(view.right)) is not None:
        return Match(MentionRole.EXCLUDED, view.start, max(view.group.end, view.end) + right.end())
    return NO_MATCH
