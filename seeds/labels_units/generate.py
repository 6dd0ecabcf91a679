"""Families of names and single names → labelled tails of organisation names, the same ones for the same files and seed.

``families.txt`` holds ``tier/family: name|name``; ``handwritten.txt`` single names, each a family of its own. A place stands before half of the names,
as it does where the reader does not know the place.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nlp.types import Tier
from seeds.label_files import LabelError, lines, read_families

HERE: Final = Path(__file__).parent
SEED: Final = 20240711
FILES: Final = tuple(HERE / name for name in ("families.txt", "handwritten.txt"))
_PLACES: Final = (
    "云岭省",
    "明川市",
    "清河区",
    "柏原县",
    "临泽市",
    "南屏市",
    "东岭区",
    "石桥县",
    "海棠区",
    "沙洲市",
    "北屏镇",
    "云屏州",
)
_TAILS: Final = ("", "", "", "", "本级", "机关", "（采购办）")
_LOOK_ALIKE: Final = (
    ("安", "按案女鞍"), ("公", "工分松"), ("局", "居据同"), ("所", "听昕锁"), ("院", "阮园完"), ("警", "井擎敬"), ("支", "之枝"), ("队", "对対"),
    ("法", "怯发"), ("检", "捡俭"), ("察", "擦蔡"), ("狱", "獄预"), ("消", "肖削"), ("防", "仿坊"), ("城", "诚域"), ("管", "菅官"), ("武", "斌"),
    ("看", "着首"), ("守", "寺首手"), ("出", "岀处"), ("监", "蓝坚"), ("缉", "辑"),
)  # fmt: skip
_STRAY: Final = "口一丨大小天夫王玉日目月"
_LABELS: Final = frozenset(tier.value for tier in Tier)


@dataclass(frozen=True, slots=True)
class LabelledName:
    """One name as the classifier gets it. ``origin`` is ``generated`` or ``handwritten``."""

    label: str
    family: str
    origin: str
    name: str


def families() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """(tier, family, names) in file order."""
    return read_families(FILES[0], _LABELS, "tier/family: names")


def generated(seed: int = SEED) -> Iterator[LabelledName]:
    """Each name alone, behind a place, with an ending people write; where it is no `other`, also with a slip of the pen. Each family has its own dice."""
    for label, family, names in families():
        digest = hashlib.sha256(f"{seed}:{family}".encode()).digest()
        dice = random.Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 reproducible labels, not secrets
        for name in names:
            forms: tuple[str, ...] = (
                name,
                dice.choice(_PLACES) + name,
                dice.choice(("", *_PLACES)) + name + dice.choice(_TAILS),
            )
            if label != Tier.OTHER and "/typo" not in family and len(name) > 2:
                forms = (*forms, _misspelt(name, dice), _misspelt(name, dice))
            for form in dict.fromkeys(forms):
                yield LabelledName(label, f"{family}/{name}", "generated", form)


def _misspelt(name: str, dice: random.Random) -> str:
    """One character typed or scanned wrong, as in 公按局 or 派岀所."""
    at = dice.randrange(len(name))
    wrong = next((wrong for right, wrong in _LOOK_ALIKE if name[at] in right), None)
    return name[:at] + dice.choice(wrong or _STRAY) + name[at + 1 :]


def handwritten() -> Iterator[LabelledName]:
    """The lines of ``handwritten.txt``."""
    for number, line in lines(FILES[1]):
        label, tab, name = line.partition("\t")
        if not tab or label not in _LABELS or not name:
            raise LabelError(f"handwritten.txt:{number}: not `tier, tab, name`")
        family = f"{label}/hand-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        yield LabelledName(label, family, "handwritten", name)


def records() -> tuple[LabelledName, ...]:
    """Everything the classifier of tiers learns from and is measured on."""
    return (*generated(), *handwritten())
