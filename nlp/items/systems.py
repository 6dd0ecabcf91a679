"""The system a line of components belongs to: the heading above its table, where that heading names a system.

A maintenance tender lists, year after year, system by system what is installed; without the heading a row says only that there is a server.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from nlp.patterns import regex
from nlp.types import Document, Item

_NUMBER: Final = regex(
    r"^\s*(?:[（(]?[一二三四五六七八九十\d]+[)）、.．]\s*(?:\d+[.．]?)*|第[一二三四五六七八九十\d]+[部章节]分?)\s*"
)
_SYSTEM: Final = regex(
    r"(?:系统|平台|局域网|专网|内网|外网|公安网|视频网|机房|指挥中心|数据中心|动中通|卡口|天网|雪亮工程|数据库|通信|门户|资源库)"
    r"(?:[（(][^（）()]{1,20}[)）])?(?:设备|硬件|部分|运维|维护|维保)?(?:清单|明细|列表|配置)?\s*[：:]?$"
)
_LONGEST: Final = 40


def system_name(heading: str | None) -> str | None:
    """The system a heading names, without its number; null for a heading that names none (采购清单, 技术要求)."""
    if heading is None or len(heading) > _LONGEST + 10:
        return None
    name = _NUMBER.sub("", heading).strip().rstrip("：:")
    return name if name and len(name) <= _LONGEST and _SYSTEM.search(name) else None


def with_systems(document: Document, items: Sequence[Item]) -> list[Item]:
    """Items with ``system`` filled from the heading above their table, where the table itself named none."""
    named = [
        (t.start, t.end, name) for t in document.tables if (name := system_name(t.caption) or system_name(t.section))
    ]
    if not named:
        return list(items)
    named.sort()
    starts = [start for start, _, _ in named]
    out = []
    for item in items:
        if item.system is None and item.start is not None:
            at = bisect_right(starts, item.start) - 1
            if at >= 0 and item.start < named[at][1]:
                out.append(dataclasses.replace(item, system=named[at][2]))
                continue
        out.append(item)
    return out
