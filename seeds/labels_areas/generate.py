"""Families × templates and hand-written lines → labelled goods, the same ones for the same files and seed.

``families.txt`` holds ``area/family: noun|noun``; ``templates.txt`` says what stands around a noun (``{N}``; ``{BR}`` a brand, ``{K}`` a
model number, ``{ORG}`` a bureau, ``{Y}`` a year); ``handwritten.txt`` holds single lines, each a family of its own.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nlp.classify.areas import OUTSIDE, Area
from seeds.label_files import LabelError, lines, read_families

HERE: Final = Path(__file__).parent
SEED: Final = 20240711
FILES: Final = tuple(HERE / name for name in ("families.txt", "templates.txt", "handwritten.txt"))
_LABELS: Final = frozenset({*(area.value for area in Area), OUTSIDE})
_SLOT: Final = re.compile(r"\{([A-Z]+)\}")
_PLACES: Final = ("云岭省", "明川市", "清河区", "柏原县", "临泽市", "南屏市", "东岭区", "石桥县", "海棠区", "沙洲市")
_ORGS: Final = (
    "公安局", "公安厅", "公安局交通警察支队", "公安局刑事侦查支队", "公安局网络安全保卫支队", "公安局特警支队", "看守所", "公安局交警大队", "人民医院",
    "第一中学", "人民检察院", "中级人民法院", "公安局物证鉴定所", "大数据中心", "财政局", "公安局科技信息化支队", "农业农村局", "监狱", "公安分局",
    "消防救援支队", "市场监督管理局",
)  # fmt: skip
_BRANDS: Final = (
    "索尼", "佳能", "海康威视", "大华", "华为", "戴尔", "思科", "赛默飞", "蔡司", "徕卡", "飞利浦", "博世", "摩托罗拉", "惠普", "联想",
    "西门子", "松下", "尼康", "新华三", "岛津", "三星", "东芝", "理想", "罗德", "福特", "3M", "安捷伦",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LabelledGoods:
    """One name, with the title it stands under where there is one. ``origin`` is ``generated`` or ``handwritten``."""

    label: str
    family: str
    origin: str
    name: str
    title: str | None
    form: str


def families() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """(area, family, nouns) in file order."""
    return read_families(FILES[0], _LABELS, "area/family: nouns")


def templates() -> dict[str, tuple[str, ...]]:
    """Templates by form."""
    out: dict[str, list[str]] = {"item": [], "title": [], "under": []}
    for number, line in lines(FILES[1]):
        form, colon, template = line.partition(": ")
        if not colon or form not in out or "{N}" not in template:
            raise LabelError(f"templates.txt:{number}: not `form: template with {{N}}`")
        out[form].append(template)
    return {form: tuple(found) for form, found in out.items()}


def _fill(template: str, noun: str, dice: random.Random) -> str:
    def value(match: re.Match[str]) -> str:
        slot = match[1]
        if slot == "N":
            return noun
        if slot == "BR":
            return dice.choice(_BRANDS)
        if slot == "K":
            letters = "".join(dice.choice("ABCDEFGHKMNPRSTVX") for _ in range(dice.randint(1, 3)))
            return f"{letters}-{dice.randint(10, 9900)}"
        if slot == "ORG":
            return dice.choice(_PLACES) + dice.choice(_ORGS)
        if slot == "Y":
            return str(dice.randint(2012, 2025))
        raise LabelError(f"unknown slot {{{slot}}}")

    return _SLOT.sub(value, template)


def generated(seed: int = SEED) -> Iterator[LabelledGoods]:
    """For each noun: itself, one more cell, two titles, one line under a title. Each family has its own dice."""
    forms = templates()
    for label, family, nouns in families():
        digest = hashlib.sha256(f"{seed}:{family}".encode()).digest()
        dice = random.Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 reproducible labels, not secrets
        for noun in nouns:
            wording = f"{family}/{noun}"
            yield LabelledGoods(label, wording, "generated", noun, None, "item")
            for form, count in (("item", 1), ("title", 2), ("under", 1)):
                for template in dice.sample(forms[form], count):
                    name, _, title = _fill(template, noun, dice).partition("\t")
                    yield LabelledGoods(label, wording, "generated", name, title or None, form)


def handwritten() -> Iterator[LabelledGoods]:
    """The lines of ``handwritten.txt``."""
    for number, line in lines(FILES[2]):
        label, tab, rest = line.partition("\t")
        name, _, title = rest.partition("\t")
        if not tab or label not in _LABELS or not name:
            raise LabelError(f"handwritten.txt:{number}: not `area, tab, name`")
        family = f"{label}/hand-{hashlib.sha256(rest.encode()).hexdigest()[:8]}"
        yield LabelledGoods(label, family, "handwritten", name, title or None, "item")


def records() -> tuple[LabelledGoods, ...]:
    """Everything the classifier of areas learns from and is measured on."""
    return (*generated(), *handwritten())
