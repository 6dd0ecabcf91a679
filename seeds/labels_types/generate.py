"""Families of notices → labelled titles and texts, the same ones for the same files and seed.

``families.txt`` holds blocks ``== type/family`` with one template a line: ``title ⇒ text``. ``[a|b|]`` takes one of the wordings, ``{SLOT}`` a value,
``⏎`` is a line break and ``¦`` a cell border.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nlp.types import CELL_BORDER, NoticeType

HERE: Final = Path(__file__).parent
SEED: Final = 20240711
FILES: Final = (HERE / "families.txt",)
DRAWS: Final = 12
"""Records drawn from one template; repeats are dropped."""

_HEADER: Final = re.compile(r"^== (?P<label>[a-z_]+)/(?P<name>[a-z0-9-]+)$")
_CHOICE: Final = re.compile(r"\[([^\[\]]*)\]")
_SLOT: Final = re.compile(r"\{([A-Z]+)\}")
_BORDER: Final = re.compile(r" *¦ *")
_PLACES: Final = ("云岭省", "明川市", "清河区", "柏原县", "临泽市", "南屏市", "东岭区", "石桥县", "海棠区", "沙洲市")
_ORGS: Final = (
    "公安局", "公安局交警支队", "看守所", "人民医院", "第一中学", "财政局", "大数据中心", "农业农村局", "人民法院", "住房和城乡建设局", "广播电视台",
    "职业技术学院", "机关事务管理局", "公安分局",
)  # fmt: skip
_GOODS: Final = (
    "视频监控设备", "硬盘", "办公家具", "遗传分析仪", "DNA试剂", "服务器", "执法记录仪", "物业管理", "车辆", "教学仪器", "食堂食材", "道路维修", "网络设备",
    "信息系统运维", "印刷", "彩超", "绿化养护", "被装", "打印机", "无人机", "防火墙", "手机取证设备", "空调", "监理", "图书",
)  # fmt: skip
_FIRMS: Final = ("恒远", "天启", "博朗通", "众信达", "华岳", "金桥", "鼎盛", "瑞通", "星图", "启明远")
_TRADES: Final = (
    "信息技术有限公司",
    "科技有限公司",
    "商贸有限公司",
    "建设工程有限公司",
    "仪器设备有限公司",
    "物业服务有限公司",
)


class LabelError(ValueError):
    """A template that cannot be read. The message names the file and line."""


@dataclass(frozen=True, slots=True)
class LabelledNotice:
    """Title and text of one notice."""

    label: str
    family: str
    origin: str
    title: str
    text: str


def families() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """(type, family, templates) in file order."""
    known = {kind.value for kind in NoticeType}
    out: list[tuple[str, str, list[str]]] = []
    for number, line in enumerate(FILES[0].read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("== "):
            header = _HEADER.match(line)
            if header is None or header["label"] not in known:
                raise LabelError(f"families.txt:{number}: not `== type/family`")
            family = line[3:]
            if any(family == other for _, other, _ in out):
                raise LabelError(f"families.txt:{number}: family {family} stands twice")
            out.append((header["label"], family, []))
        elif " ⇒ " not in line or not out:
            raise LabelError(f"families.txt:{number}: not `title ⇒ text`")
        else:
            out[-1][2].append(line)
    return tuple((label, family, tuple(templates)) for label, family, templates in out)


def _value(slot: str, dice: random.Random) -> str:
    if slot == "ORG":
        return dice.choice(_PLACES) + dice.choice(_ORGS)
    if slot == "PLACE":
        return dice.choice(_PLACES)
    if slot == "G":
        return dice.choice(_GOODS)
    if slot == "SUP":
        return dice.choice((*_PLACES, "")) + dice.choice(_FIRMS) + dice.choice(_TRADES)
    if slot == "AG":
        return dice.choice(_PLACES) + dice.choice(_FIRMS) + "招标代理有限公司"
    if slot == "NO":
        return f"MC{dice.choice('ABGZ')}{dice.randint(2012, 2025)}-{dice.randint(100, 999)}"
    if slot == "DATE":
        return f"{dice.randint(2012, 2025)}年{dice.randint(1, 12)}月{dice.randint(1, 28)}日"
    if slot == "Y":
        return str(dice.randint(2012, 2025))
    if slot == "M":
        return str(dice.randint(1, 12))
    if slot == "N":
        return str(dice.randint(2, 90))
    if slot == "W":
        return f"{dice.randint(3, 900)}{dice.choice(('', '.5', '.8'))}"
    if slot == "PRICE":
        return f"{dice.randint(800, 980000)}{dice.choice(('', '.00', '.50'))}"
    raise LabelError(f"unknown slot {{{slot}}}")


def _fill(template: str, dice: random.Random) -> str:
    while (match := _CHOICE.search(template)) is not None:
        template = template[: match.start()] + dice.choice(match[1].split("|")) + template[match.end() :]
    text = _SLOT.sub(lambda match: _value(match[1], dice), template)
    return _BORDER.sub(CELL_BORDER, text.replace("⏎", "\n"))


def records(seed: int = SEED) -> tuple[LabelledNotice, ...]:
    """Everything the classifier of types learns from and is measured on. Each family has its own dice."""
    return tuple(_generated(seed))


def _generated(seed: int) -> Iterator[LabelledNotice]:
    for label, family, lines in families():
        digest = hashlib.sha256(f"{seed}:{family}".encode()).digest()
        dice = random.Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 reproducible labels, not secrets
        seen: set[str] = set()
        for number, line in enumerate(lines, 1):
            for _ in range(DRAWS):
                title, _, text = _fill(line, dice).partition(" ⇒ ")
                if title + text not in seen:
                    seen.add(title + text)
                    yield LabelledNotice(label, f"{family}/{number}", "generated", title, text)
