"""# Consumable or part for the brand

**Definition.** A consumable or accessory names the machine it fits: 适用惠普M1005硒鼓, 兼容佳能墨盒, 通用于爱普生色带.
**Role.** `consumable_for`.
**Example.** `硒鼓（适用于佳能LBP2900）`.
**Exclusions.** Original consumables of the brand (惠普原装硒鼓); software that fits a system (适用于Windows).
"""

from __future__ import annotations

from typing import Final

from nlp.patterns import regex
from nlp.roles.rules.base import NO_MATCH, Match, NotApplicable, Outcome
from nlp.roles.view import MentionView
from nlp.types import MentionRole

VERSION: Final = "2"

_NOUN: Final = regex(
    r"硒鼓|墨盒|碳粉|粉盒|墨粉|色带|墨水|鼓架|感光鼓|打印头|定影|滤网|滤芯|粉仓|转印带|搓纸轮|试剂|耗材|废粉|鼓组件|墨仓|粉筒|显影|电池|充电器|保护壳|保护套|遥控器|适配器|数据线|内存|灯泡|支架|配件|耳挂|毛细管|色谱柱|进样针|吹嘴|缓冲液|检测片|传感器|背夹|肩咪|天线|POP-?[467]|甲酰胺|内标|吹管|加热管|探头|镜片|滤膜|耗件|替换芯"
)
_LEFT: Final = regex(
    r"(?:适用于?|适合于?|配套|匹配|通用于?|代用|用于|适配于?|[Ff]or|可用于)(?:于|机型|型号|品牌|打印机)?[：:]?[\s（(]*$"
)
_COLUMN: Final = regex(r"适用(?:机型|品牌|型号|设备|机器|打印机)|^机型$")
_COMPATIBLE: Final = regex(r"(?:兼容|替代|代替|通用|配套)[\s（(]*$")
_ONLY: Final = regex(r"^[^，。；\n]{0,16}?(?:专用|配用|适用|机用|用)(?=[\s，,。；）)\d]|$)")
"""德尔格6820专用: the goods are for it."""
_NEAR: Final = regex(r"^[^，。；\n]{0,24}?(?:硒鼓|墨盒|碳粉|粉盒|墨粉|色带|墨水|感光鼓|鼓架|粉仓)")


def decide(view: MentionView) -> Outcome:
    """Ask for a consumable in the line, then for the word of fit directly before the list."""
    low, high = view.bounds
    if not _NOUN.search(view.text, low, high) and not _NOUN.search(view.row):
        return NotApplicable("no consumable in the line")
    if _COLUMN.search(view.header) or _COLUMN.search(view.label):
        return Match(MentionRole.CONSUMABLE_FOR, view.start, view.end)
    found = _LEFT.search(view.left) or (_COMPATIBLE.search(view.left) if _NEAR.match(view.right) else None)
    if found is None and _ONLY.match(view.right) and _NOUN.search(view.sentence_left):
        return Match(MentionRole.CONSUMABLE_FOR, view.start, view.end)
    if found is None:
        return NO_MATCH
    return Match(MentionRole.CONSUMABLE_FOR, view.clause[0] + found.start(), view.end)
