"""Templates and hand-written sentences → labelled records, the same ones for the same files and seed.

A family file holds blocks: ``== family-id @types #classes``, then one template a line. In a template

* ``[a|b|]`` takes one of the wordings,
* ``{SLOT}`` takes a value (``{P}`` product, ``{M}`` model, ``{N}`` number, ``{PRICE}``, ``{ORG}``, ``{SUP}``, ``{PLACE}``, ``{DATE}``, ``{YEAR}``, ``{NO}``),
* ``<role>`` or ``<role:class>`` takes a brand and labels it; brands of one template differ from each other,
* ``⏎`` is a line break and ``¦`` a cell border.

A hand-written line is ``@type`` (or ``@none``), a tab, and a sentence with ``⟦surface:role⟧``.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from nlp.types import CELL_BORDER, MentionRole, NoticeType

HERE: Final = Path(__file__).parent
SEED: Final = 20240607
DRAWS: Final = 18
"""Records drawn from one family; repeats are dropped."""

_HEADER: Final = re.compile(r"^== (?P<family>[a-z0-9-]+)(?: @(?P<types>[a-z_,]+))?(?: #(?P<classes>[a-z,]+))?$")
_BORDER: Final = re.compile(r" *¦ *")
_CHOICE: Final = re.compile(r"\[([^\[\]]*)\]")
_TOKEN: Final = re.compile(r"\{(?P<slot>[A-Z]+)\}|<(?P<role>[a-z_]+)(?::(?P<kind>[a-z]+))?>")
_MARK: Final = re.compile(r"⟦(?P<surface>[^:⟦⟧]+):(?P<role>[a-z_]+)⟧")


@dataclass(frozen=True, slots=True)
class LabelledMention:
    """``span`` in code points of the record's text."""

    span: tuple[int, int]
    brand: str
    surface: str
    role: MentionRole


@dataclass(frozen=True, slots=True)
class LabelledRecord:
    """One text with its mentions. ``origin`` is ``generated`` or ``handwritten``; ``notice_type`` null = not given to the reader."""

    text: str
    family: str
    origin: str
    notice_type: NoticeType | None
    mentions: tuple[LabelledMention, ...]


@dataclass(frozen=True, slots=True)
class BrandRow:
    kind: str
    brand: str
    surfaces: tuple[str, ...]
    models: tuple[str, ...]
    products: tuple[str, ...]


class LabelError(ValueError):
    """A template or sentence that cannot be read. The message names the file and line."""


def brand_rows() -> tuple[BrandRow, ...]:
    """Brands, models and products that fill the templates."""
    rows = []
    for line in (HERE / "brands.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        kind, brand, surfaces, models, products = line.split("\t")
        rows.append(
            BrandRow(kind, brand, tuple(surfaces.split("|")), tuple(models.split("|")), tuple(products.split("|")))
        )
    return tuple(rows)


_PLACES: Final = ("云岭省", "明川市", "清河区", "柏原县", "临泽市", "南屏市", "东岭区", "石桥县", "海棠区", "沙洲市")
_ORGS: Final = (
    "公安局", "公安局交通警察支队", "公安厅", "公安局刑事侦查支队", "公安局清河分局", "看守所", "公安局交警大队", "人民医院",
    "第一中学", "疾病预防控制中心", "行政审批局", "公安局网络安全保卫支队", "公安局物证鉴定所", "大数据中心", "广播电视台",
)  # fmt: skip
_FIRMS: Final = (
    "恒远",
    "天启",
    "博朗通",
    "众信达",
    "华岳",
    "金桥",
    "安泰",
    "鼎盛",
    "瑞通",
    "星图",
    "启明远",
    "中科联创",
)
_TRADES: Final = (
    "信息技术有限公司",
    "科技有限公司",
    "电子商务有限公司",
    "系统工程有限公司",
    "商贸有限公司",
    "仪器设备有限公司",
)


def _slot(name: str, dice: random.Random, row: BrandRow | None) -> str:
    if name == "P":
        return dice.choice(row.products) if row else "设备"
    if name == "M":
        return dice.choice(row.models) if row else "X100"
    if name == "N":
        return str(dice.choice((1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 30, 40, 60, 100)))
    if name == "PRICE":
        return dice.choice(
            (f"{dice.randint(100, 9900) * 10}.00", f"{dice.randint(800, 98000)}", f"{dice.randint(1, 90)},{dice.randint(100, 999)}.00")
        )  # fmt: skip
    if name == "W":
        return f"{dice.randint(3, 900)}{dice.choice(('', '.5', '.8'))}"
    if name == "ORG":
        return dice.choice(_PLACES) + dice.choice(_ORGS)
    if name == "SUP":
        return dice.choice((*_PLACES, "", "")) + dice.choice(_FIRMS) + dice.choice(_TRADES)
    if name == "PLACE":
        return dice.choice(_PLACES)
    if name == "YEAR":
        return str(dice.randint(2009, 2024))
    if name == "DATE":
        return f"{dice.randint(2015, 2024)}年{dice.randint(1, 12)}月{dice.randint(1, 28)}日"
    if name == "NO":
        return f"MC{dice.choice('ABGZ')}{dice.randint(2016, 2024)}-{dice.randint(100, 999)}"
    if name == "S":
        return str(dice.randint(60, 98)) + f".{dice.randint(0, 99):02d}"
    raise LabelError(f"unknown slot {{{name}}}")


def _expand(template: str, dice: random.Random) -> str:
    while (match := _CHOICE.search(template)) is not None:
        template = template[: match.start()] + dice.choice(match.group(1).split("|")) + template[match.end() :]
    return _BORDER.sub(CELL_BORDER, template.replace("⏎", "\n"))


def _fill(
    template: str, dice: random.Random, rows: tuple[BrandRow, ...], kind: str
) -> tuple[str, tuple[LabelledMention, ...]]:
    text = _expand(template, dice)
    first = next((match["kind"] for match in _TOKEN.finditer(text) if match["role"]), None) or kind
    used: set[str] = set()
    row: BrandRow | None = None
    out: list[str] = []
    length = 0
    mentions: list[LabelledMention] = []
    pending = _pick(rows, first, used, dice)
    for piece in re.split(r"(\{[A-Z]+\}|<[a-z_:]+>)", text):
        token = _TOKEN.fullmatch(piece)
        if token is None:
            value = piece
        elif token["slot"]:
            value = _slot(token["slot"], dice, row or pending)
        else:
            row = pending if row is None else _pick(rows, token["kind"] or kind, used, dice)
            used.add(row.brand)
            value = dice.choice(row.surfaces)
            mentions.append(
                LabelledMention((length, length + len(value)), row.brand, value, MentionRole(token["role"]))
            )
        out.append(value)
        length += len(value)
    return "".join(out), tuple(mentions)


def _pick(rows: tuple[BrandRow, ...], kind: str, used: set[str], dice: random.Random) -> BrandRow:
    pool = [row for row in rows if row.kind == kind and row.brand not in used]
    if not pool:
        pool = [row for row in rows if row.brand not in used]
    return dice.choice(pool)


_GENERAL: Final = (
    "disk",
    "pc",
    "server",
    "net",
    "printer",
    "scan",
    "video",
    "gene",
    "lab",
    "radio",
    "tactic",
    "power",
    "storage",
    "photo",
    "fore",
    "med",
)


@dataclass(frozen=True, slots=True)
class Family:
    name: str
    types: tuple[NoticeType | None, ...]
    kinds: tuple[str, ...]
    templates: tuple[str, ...]


def families() -> tuple[Family, ...]:
    """All template families in file order."""
    out: list[Family] = []
    seen: set[str] = set()
    for path in sorted((HERE / "families").glob("*.txt")):
        current: re.Match[str] | None = None
        templates: list[str] = []
        for number, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), "== end"], 1):
            if line.startswith("== "):
                if current is not None:
                    out.append(_family(current, templates))
                current, templates = _HEADER.match(line), []
                if current is None:
                    raise LabelError(f"{path.name}:{number}: cannot read the family line")
                if line != "== end" and current["family"] in seen:
                    raise LabelError(f"{path.name}:{number}: family {current['family']} stands twice")
                seen.add(current["family"])
            elif line.strip() and not line.startswith("#"):
                templates.append(line)
    return tuple(out)


def _family(header: re.Match[str], templates: list[str]) -> Family:
    if not templates:
        raise LabelError(f"family {header['family']} has no template")
    types = tuple(None if name == "none" else NoticeType(name) for name in (header["types"] or "none").split(","))
    kinds = tuple(header["classes"].split(",")) if header["classes"] else _GENERAL
    return Family(header["family"], types, kinds, tuple(templates))


def generated(draws: int = DRAWS, seed: int = SEED) -> Iterator[LabelledRecord]:
    """Records of all families. Each family has its own dice, so a new family changes no other."""
    rows = brand_rows()
    for family in families():
        digest = hashlib.sha256(f"{seed}:{family.name}".encode()).digest()
        dice = random.Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 reproducible labels, not secrets
        seen: set[str] = set()
        for turn in range(draws):
            template = family.templates[turn % len(family.templates)]
            text, mentions = _fill(template, dice, rows, dice.choice(family.kinds))
            if text in seen:
                continue
            seen.add(text)
            yield LabelledRecord(text, family.name, "generated", dice.choice(family.types), mentions)


def handwritten() -> Iterator[LabelledRecord]:
    """The sentences of ``handwritten.txt``; each is a family of its own."""
    names: dict[str, str] = {}
    for row in brand_rows():
        for surface in row.surfaces:
            names.setdefault(surface.casefold(), row.brand)
    path = HERE / "handwritten.txt"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        kind, separator, marked = line.partition("\t")
        if not separator or not kind.startswith("@"):
            raise LabelError(f"{path.name}:{number}: no @type before the tab")
        marked = _BORDER.sub(CELL_BORDER, marked.replace("⏎", "\n"))
        out: list[str] = []
        length = last = 0
        mentions: list[LabelledMention] = []
        for match in _MARK.finditer(marked):
            before = marked[last : match.start()]
            surface = match["surface"]
            start = length + len(before)
            brand = names.get(surface.casefold(), surface)
            mentions.append(LabelledMention((start, start + len(surface)), brand, surface, MentionRole(match["role"])))
            out += [before, surface]
            length = start + len(surface)
            last = match.end()
        out.append(marked[last:])
        if not mentions:
            raise LabelError(f"{path.name}:{number}: no marked mention")
        name = hashlib.sha256(marked.encode()).hexdigest()[:8]
        notice_type = None if kind == "@none" else NoticeType(kind[1:])
        yield LabelledRecord("".join(out), f"hand-{name}", "handwritten", notice_type, tuple(mentions))


def records() -> tuple[LabelledRecord, ...]:
    """Everything the model learns from and is measured on."""
    return (*generated(), *handwritten())


def to_json(record: LabelledRecord) -> str:
    """One line of ``records.jsonl``."""
    return json.dumps(asdict(record), ensure_ascii=False, sort_keys=True)
