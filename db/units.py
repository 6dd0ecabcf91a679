"""How many single pieces a quantity is (rung N5)."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

PIECES = frozenset(
    [
        "块",
        "个",
        "台",
        "只",
        "片",
        "件",
        "支",
        "枚",
        "颗",
        "部",
        "把",
        "辆",
        "架",
        "艘",
        "条",
        "根",
        "张",
        "本",
        "盒",
        "瓶",
        "袋",
        "桶",
        "筒",
        "卷",
        "罐",
        "盘",
        "副",
        "幅",
        "门",
        "座",
        "具",
        "顶",
        "盏",
        "粒",
        "管",
        "板",
        "包",
        "份",
        "路",
        "点",
        "端",
        "节",
        "株",
        "匹",
        "头",
        "套件",
        "pcs",
        "pc",
        "个体",
        "台件",
        "台/套",
        "台套",
        "台(套)",
        "块/个",
        "颗/个",
        "unit",
        "units",
        "ea",
    ]
)
"""Units that count single things. A reagent is counted by its box or bottle."""
_LUMPS = frozenset(
    [
        "批",
        "项",
        "宗",
        "式",
        "组",
        "系统",
        "年",
        "月",
        "日",
        "天",
        "次",
        "人",
        "期",
        "季",
        "季度",
        "小时",
        "人天",
        "人月",
        "全",
        "整",
        "箱",
        "米",
        "m",
        "公里",
        "km",
        "平方米",
        "㎡",
        "公斤",
        "kg",
        "吨",
        "升",
        "l",
    ]
)
"""Units that hide the number, or measure something else."""
_TIMES = {"对": 2, "双": 2, "打": 12}
_PIECE = r"(?:块|个|只|片|支|台|枚|颗|件|根)"
_PER_PACK = re.compile(
    rf"每[箱盒包件套批组]\s*(?:装|含|内含)?\s*(\d+)\s*{_PIECE}|(\d+)\s*{_PIECE}\s*/\s*[箱盒包件套批组]"
)
_IN_ALL = re.compile(rf"[(](?:共计?|含|内含|计|合计)?\s*(\d+)\s*{_PIECE}[)]")


def pieces(quantity: Decimal | None, unit: str | None, raw: str | None) -> Decimal | None:
    """Single pieces, or null where nobody can say.

    ``1批`` and ``1套`` hide the number unless an inner count stands beside them (``2箱(每箱10块)`` is 20, ``1批(20块)`` is 20);
    from two sets on, a set counts as one piece.
    """
    if quantity is None:
        return None
    if raw:
        raw = unicodedata.normalize("NFKC", raw)
        per_pack = _PER_PACK.search(raw)
        if per_pack is not None:
            return quantity * int(per_pack[1] or per_pack[2])
        in_all = _IN_ALL.search(raw)
        if in_all is not None and (unit is None or unit in _LUMPS or unit == "套"):
            return Decimal(in_all[1])
    if unit is None or not unit.strip():
        return quantity
    name = unit.strip().casefold()
    if name in _TIMES:
        return quantity * _TIMES[name]
    if name in {"套", "set", "sets"}:
        return quantity if quantity > 1 else None
    return quantity if name in PIECES else None
